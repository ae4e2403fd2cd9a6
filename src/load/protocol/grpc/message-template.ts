import type { MessagePart, NumberType } from '../../grpc-call.js';
import { ByteTemplate } from '../http1/byte-template.js';
import type { PieceCompiler } from '../http1/piece-compiler.js';
import { maxNumberBytes, writeLengthBefore, writeNumberBefore } from './numbers.js';

/**
 * In front of each message: whether it is compressed, and its length
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message").
 */
export const prefixBytes = 5;

/**
 * The messages of a call, one after the other, each with its prefix; put into octets for one sequence
 * number after another without allocating. They are written from the end to the front, so that each
 * length is known by the time it is written.
 */
export class MessageTemplate {
  /** The most that `encode` writes. */
  readonly maxBytes: number;
  readonly #messages: readonly (readonly Part[])[];

  constructor(
    messages: readonly (readonly MessagePart[])[],
    compiler: PieceCompiler,
    seed: number,
  ) {
    this.#messages = messages.map((parts) => parts.map((part) => partOf(part, compiler, seed)));
    this.maxBytes = this.#messages.reduce((sum, parts) => sum + prefixBytes + mostBytes(parts), 0);
  }

  createTarget(): Buffer {
    return Buffer.alloc(this.maxBytes);
  }

  /** Writes the messages of request number `sequence` to the front of `target`; returns their length. */
  encode(target: Uint8Array, sequence: number): number {
    let at = this.maxBytes;
    for (let k = this.#messages.length - 1; k >= 0; k--) {
      const end = at;
      at = writeParts(this.#messages[k]!, target, at, sequence);
      const length = end - at;
      at -= prefixBytes;
      target[at] = 0;
      target[at + 1] = length >>> 24;
      target[at + 2] = length >>> 16;
      target[at + 3] = length >>> 8;
      target[at + 4] = length;
    }
    if (at > 0) target.copyWithin(0, at, this.maxBytes);
    return this.maxBytes - at;
  }
}

/** One shape for all kinds, for V8's sake. */
interface Part {
  readonly kind: MessagePart['kind'];
  readonly maxBytes: number;
  /** The field's tag, or octets that stay as they are. */
  readonly octets: Uint8Array;
  /** Of a number. */
  readonly type: NumberType;
  /** Of a text, or a number's digits; null: there is none. */
  readonly template: ByteTemplate | null;
  readonly scratch: Uint8Array;
  /** Of a message. */
  readonly parts: readonly Part[];
}

const empty = {
  type: 'varint',
  template: null,
  scratch: new Uint8Array(0),
  parts: [],
} as const satisfies Partial<Part>;

const mostLengthBytes = 5;

function partOf(part: MessagePart, compiler: PieceCompiler, seed: number): Part {
  switch (part.kind) {
    case 'octets':
      return { ...empty, kind: part.kind, octets: part.octets, maxBytes: part.octets.length };
    case 'text':
    case 'number': {
      const template = new ByteTemplate(compiler.compile(part.text, 'body'), seed);
      const scratch = template.createTarget();
      const octets = part.tag;
      if (part.kind === 'number') {
        const maxBytes = octets.length + maxNumberBytes;
        return { ...empty, kind: part.kind, octets, maxBytes, type: part.type, template, scratch };
      }
      const maxBytes = octets.length + mostLengthBytes + template.maxBytes;
      return { ...empty, kind: part.kind, octets, maxBytes, template, scratch };
    }
    case 'message': {
      const parts = part.parts.map((inner) => partOf(inner, compiler, seed));
      const maxBytes = part.tag.length + mostLengthBytes + mostBytes(parts);
      return { ...empty, kind: part.kind, octets: part.tag, maxBytes, parts };
    }
  }
}

function mostBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, { maxBytes }) => sum + maxBytes, 0);
}

/** Writes them so that `end` is their end; returns where they begin. */
function writeParts(
  parts: readonly Part[],
  target: Uint8Array,
  end: number,
  sequence: number,
): number {
  let at = end;
  for (let k = parts.length - 1; k >= 0; k--) {
    const part = parts[k]!;
    at = writeValue(part, target, at, sequence);
    at -= part.octets.length;
    copy(target, at, part.octets, part.octets.length);
  }
  return at;
}

/** What stands behind the tag. */
function writeValue(part: Part, target: Uint8Array, end: number, sequence: number): number {
  if (part.kind === 'octets') return end;
  if (part.template === null) {
    const start = writeParts(part.parts, target, end, sequence);
    return writeLengthBefore(target, start, end - start);
  }
  const { scratch } = part;
  const length = part.template.encode(scratch, sequence);
  if (part.kind === 'number') return writeNumberBefore(target, end, part.type, scratch, length);
  copy(target, end - length, scratch, length);
  return writeLengthBefore(target, end - length, length);
}

function copy(target: Uint8Array, at: number, source: Uint8Array, length: number): void {
  for (let i = 0; i < length; i++) target[at + i] = source[i]!;
}
