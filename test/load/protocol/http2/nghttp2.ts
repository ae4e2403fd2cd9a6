import koffi from 'koffi';

/** HPACK of nghttp2's, which Node brings along: the oracle for c1m's own. */
const nghttp2 = koffi.load(null);
koffi.struct('nghttp2_nv', {
  name: 'void *',
  value: 'void *',
  namelen: 'size_t',
  valuelen: 'size_t',
  flags: 'uint8_t',
});
type Native = (...args: unknown[]) => number;
const native = (signature: string): Native => nghttp2.func(signature);
const deflateNew = native('int nghttp2_hd_deflate_new(_Out_ void **out, size_t size)');
const deflateSize = native('int nghttp2_hd_deflate_change_table_size(void *d, size_t size)');
const deflate = native(
  'int64_t nghttp2_hd_deflate_hd(void *d, uint8_t *to, size_t length, nghttp2_nv *fields, size_t count)',
);
const inflateNew = native('int nghttp2_hd_inflate_new(_Out_ void **out)');
const inflateSize = native('int nghttp2_hd_inflate_change_table_size(void *i, size_t size)');
const inflate = native(
  'int64_t nghttp2_hd_inflate_hd2(void *i, _Out_ nghttp2_nv *field, _Out_ int *flags, const void *from, size_t length, int final)',
);

type Fields = readonly (readonly [name: string, value: string])[];

/** A server's side, which was told that there is no dynamic table, or does not care. */
export class Deflater {
  readonly #deflater: unknown;

  constructor(table = 0) {
    const out = [null];
    deflateNew(out, 4096);
    this.#deflater = out[0];
    if (table !== 4096) this.resize(table);
  }

  resize(table: number): void {
    deflateSize(this.#deflater, table);
  }

  deflate(fields: Fields): Buffer {
    const octets = fields.map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const);
    const target = Buffer.alloc(70_000);
    const given = octets.map(([name, value]) => {
      const common = { namelen: name.length, valuelen: value.length, flags: 0 };
      return { name, value, ...common };
    });
    const length = deflate(this.#deflater, target, target.length, given, given.length);
    if (length < 0) throw new Error(`nghttp2: ${length}`);
    return target.subarray(0, length);
  }
}

const emits = 2;

/** What nghttp2 reads in a block. @param table octets of the dynamic table */
export function inflated(block: Buffer, table = 4096): Fields {
  const out = [null];
  inflateNew(out);
  if (table !== 4096) inflateSize(out[0], table);
  const fields: (readonly [string, string])[] = [];
  for (let at = 0; at < block.length;) {
    const field: { name?: unknown; value?: unknown; namelen?: number; valuelen?: number } = {};
    const flags = [0];
    const rest = block.subarray(at);
    const used = inflate(out[0], field, flags, rest, rest.length, 1);
    if (used < 0) throw new Error(`nghttp2: ${used}`);
    at += used;
    if ((flags[0]! & emits) === 0) continue;
    fields.push([text(field.name, field.namelen), text(field.value, field.valuelen)]);
  }
  return fields;
}

function text(pointer: unknown, length = 0): string {
  if (length === 0) return '';
  return Buffer.from(koffi.decode(pointer, 'uint8_t', length) as Uint8Array).toString('latin1');
}
