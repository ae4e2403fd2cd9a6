import type { ByteTemplate } from '../http1/byte-template.js';
import { mostLengthBytes, writeInteger, writeString } from './hpack/strings.js';
import { staticField, staticName } from './hpack/static-table.js';
import type { RequestBody } from './request-body.js';

const mostLengthDigits = 16;

/** Octets that never change, and the value that stands behind them. */
interface Part {
  readonly octets: Buffer;
  /** Null: the length of the content. */
  readonly value: ByteTemplate | null;
  readonly scratch: Buffer;
}

/**
 * A request's header block (RFC 7541), of fields that refer to the static table or are literal, so
 * that it is the same on every connection and in every place. It is encoded once but for values that
 * vary, which are put between.
 */
export class HeadWriter {
  readonly #parts: Part[] = [];
  /** What stands behind the last part. */
  #rest = Buffer.alloc(0);

  /** The most octets that `write` writes. */
  get maxBytes(): number {
    const varying = this.#parts.map((p) => p.octets.length + mostLengthBytes + p.scratch.length);
    return varying.reduce((sum, bytes) => sum + bytes, this.#rest.length);
  }

  /** The block, where it is the same each time; else null. */
  get constant(): Buffer | null {
    return this.#parts.length === 0 ? this.#rest : null;
  }

  put(name: string, value: Buffer): void {
    const index = staticField(name, value.toString('latin1'));
    const octets = Buffer.alloc(name.length + value.length + 2 * mostLengthBytes);
    const end =
      index > 0 ? writeInteger(octets, 0, 7, 0x80, index) : writeLiteral(octets, name, value);
    this.#rest = Buffer.concat([this.#rest, octets.subarray(0, end)]);
  }

  putVarying(name: string, value: ByteTemplate): void {
    this.#endPart(name, value, value.createTarget());
  }

  /** Content-Length. */
  putLength(body: RequestBody | null): void {
    if (body === null || body.isConstant) {
      this.put('content-length', Buffer.from(String(body?.maxBytes ?? 0)));
    } else this.#endPart('content-length', null, Buffer.alloc(mostLengthDigits));
  }

  /** Writes the block of request number `sequence` to `target` from `at` on; returns where it ends. */
  write(target: Uint8Array, at: number, sequence: number, contentLength: number): number {
    let end = at;
    for (let k = 0; k < this.#parts.length; k++) {
      const { octets, value, scratch } = this.#parts[k]!;
      end += octets.copy(target, end);
      const length =
        value === null ? writeDigits(scratch, contentLength) : value.encode(scratch, sequence);
      end = writeString(target, end, scratch, length);
    }
    return end + this.#rest.copy(target, end);
  }

  #endPart(name: string, value: ByteTemplate | null, scratch: Buffer): void {
    const octets = Buffer.alloc(name.length + 2 * mostLengthBytes);
    const end = writeName(octets, name);
    this.#parts.push({
      octets: Buffer.concat([this.#rest, octets.subarray(0, end)]),
      value,
      scratch,
    });
    this.#rest = Buffer.alloc(0);
  }
}

function writeLiteral(target: Buffer, name: string, value: Buffer): number {
  return writeString(target, writeName(target, name), value, value.length);
}

/** Of a literal that is not to be put into the server's table (RFC 7541 §6.2.2). */
function writeName(target: Buffer, name: string): number {
  const end = writeInteger(target, 0, 4, 0, staticName(name));
  return staticName(name) > 0 ? end : writeString(target, end, Buffer.from(name), name.length);
}

function writeDigits(target: Buffer, value: number): number {
  let width = 1;
  for (let limit = 10; value >= limit; limit *= 10) width++;
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    const tenth = Math.floor(rest / 10);
    target[i] = 0x30 + (rest - tenth * 10);
    rest = tenth;
  }
  return width;
}
