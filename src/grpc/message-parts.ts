import type { MessagePart, NumberType } from '../load/grpc-call.js';
import type { DataTable } from '../load/plan.js';
import { parseTemplate } from '../load/protocol/http1/template.js';
import { filled, isTemplate } from './message-text.js';
import { protobuf, protojson } from './protobuf.js';

/** A value that a message cannot be encoded from, with its place in the message. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Encodes a message once, but for placeholders, which stay between (ProtoJSON, and
 * https://protobuf.dev/programming-guides/encoding/).
 * @param data for `{row.name}`
 * @throws MessageError
 */
export function encodeParts(
  type: protobuf.Type,
  value: unknown,
  data: DataTable | null,
): MessagePart[] {
  try {
    protojson.fromJson(type, filled(value, data?.columns ?? []));
  } catch (error) {
    throw new MessageError((error as Error).message);
  }
  return new PartEncoder(data).message(type, value as Json, '');
}

class PartEncoder {
  readonly #data: DataTable | null;

  constructor(data: DataTable | null) {
    this.#data = data;
  }

  message(type: protobuf.Type, value: Json, path: string): MessagePart[] {
    const members = Object.entries(value);
    const constant = members.filter(([, member]) => !this.#varies(member));
    return [
      ...this.#constant(type, Object.fromEntries(constant)),
      ...members
        .filter(([, member]) => this.#varies(member))
        .flatMap(([name, member]) => this.#field(type, name, member, path)),
    ];
  }

  #varies(value: unknown): boolean {
    return isTemplate(value, this.#data?.columns ?? []);
  }

  #constant(type: protobuf.Type, value: Json): MessagePart[] {
    const octets = type.encode(protojson.fromJson(type, value)).finish();
    return octets.length === 0 ? [] : [{ kind: 'octets', octets }];
  }

  #field(type: protobuf.Type, name: string, value: unknown, above: string): MessagePart[] {
    const field = type.fieldsArray.find((f) => f.jsonName === name || f.protoName === name)!;
    const path = above === '' ? name : `${above}.${name}`;
    if (field instanceof protobuf.MapField)
      return this.#map(type, field, name, value as Json, path);
    if (!field.repeated) return [this.#value(field, field.id, value, path)];
    // Each for itself, of numbers too: readers take these as they take packed ones.
    return (value as unknown[]).flatMap((one, index) =>
      this.#varies(one)
        ? [this.#value(field, field.id, one, `${path}[${index}]`)]
        : this.#constant(type, { [name]: [one] }),
    );
  }

  /** Each entry is a message with a key and a value. */
  #map(
    type: protobuf.Type,
    field: protobuf.MapField,
    name: string,
    value: Json,
    path: string,
  ): MessagePart[] {
    return Object.entries(value).flatMap(([key, member]) => {
      if (!this.#varies({ [key]: member })) {
        return this.#constant(type, { [name]: { [key]: member } });
      }
      const at = `${path}.${key}`;
      if (this.#varies(key)) throw new MessageError(`${at}: a key cannot hold placeholders`);
      const keyPart =
        field.keyType === 'bool'
          ? this.#scalar('uint32', 1, key === 'true' ? '1' : '0', at)
          : this.#scalar(field.keyType, 1, key, at);
      const parts = [keyPart, this.#value(field, 2, member, at)];
      return [{ kind: 'message', tag: tagOf(field.id, lengthDelimited), parts }];
    });
  }

  #value(field: protobuf.FieldBase, id: number, value: unknown, path: string): MessagePart {
    const { resolvedType } = field;
    if (!(resolvedType instanceof protobuf.Type)) {
      return this.#scalar(resolvedType === null ? field.type : 'enum', id, value as string, path);
    }
    // Google's own are written otherwise than as what they hold.
    const isOwn = resolvedType.fullName.startsWith('.google.protobuf.');
    if (isOwn || (field instanceof protobuf.Field && field.delimited)) {
      const what = isOwn ? resolvedType.fullName.slice(1) : 'a group';
      throw new MessageError(`${path}: ${what} cannot hold placeholders`);
    }
    const tag = tagOf(id, lengthDelimited);
    return { kind: 'message', tag, parts: this.message(resolvedType, value as Json, path) };
  }

  #scalar(type: string, id: number, text: string, path: string): MessagePart {
    if (type === 'string') return { kind: 'text', tag: tagOf(id, lengthDelimited), text };
    const number = numbers[type];
    if (number === undefined) {
      const kind = type === 'bytes' ? 'octets' : `a value of ${type}`;
      throw new MessageError(`${path}: placeholders stand for texts and numbers, not for ${kind}`);
    }
    this.#checkCells(text, number.as, path);
    return { kind: 'number', tag: tagOf(id, number.wire), type: number.as, text };
  }

  /** Of what a placeholder stands for, only cells may be no numbers. */
  #checkCells(text: string, type: NumberType, path: string): void {
    const { columns, rows } = this.#data ?? { columns: [], rows: [] };
    const wanted = type === 'float' || type === 'double' ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
    for (const part of parseTemplate(text, columns)) {
      if (part.kind !== 'row') continue;
      const column = columns.indexOf(part.column);
      const bad = rows.findIndex((row) => !wanted.test(row[column] ?? ''));
      if (bad < 0) continue;
      const cell = rows[bad]![column] ?? '';
      throw new MessageError(
        `${path}: {row.${part.column}} is "${cell}" in row ${bad + 1}, and no number`,
      );
    }
  }
}

const lengthDelimited = 2;

/** Scalar types that a number may be, with their wire types. */
const numbers: Readonly<Partial<Record<string, { wire: number; as: NumberType }>>> = {
  int32: { wire: 0, as: 'varint' },
  int64: { wire: 0, as: 'varint' },
  uint32: { wire: 0, as: 'varint' },
  uint64: { wire: 0, as: 'varint' },
  sint32: { wire: 0, as: 'zigzag' },
  sint64: { wire: 0, as: 'zigzag' },
  fixed32: { wire: 5, as: 'fixed32' },
  sfixed32: { wire: 5, as: 'fixed32' },
  fixed64: { wire: 1, as: 'fixed64' },
  sfixed64: { wire: 1, as: 'fixed64' },
  float: { wire: 5, as: 'float' },
  double: { wire: 1, as: 'double' },
};

function tagOf(id: number, wire: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32(((id << 3) | wire) >>> 0)
    .finish();
}
