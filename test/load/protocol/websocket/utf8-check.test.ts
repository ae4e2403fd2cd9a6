import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Check } from '../../../../src/load/protocol/websocket/utf8-check.js';

/** Whether a text is taken, that comes in pieces of so many octets. */
function isTaken(check: Utf8Check, bytes: Uint8Array, piece: number): boolean {
  check.forget(0);
  for (let at = 0; at < bytes.length; at += piece) {
    if (!check.read(0, bytes, at, Math.min(bytes.length, at + piece), false)) return false;
  }
  return check.read(0, bytes, 0, 0, true);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe('a text is UTF-8', () => {
  const check = new Utf8Check(1);

  it('where a decoder says so, for all of two octets, and four with the usual firsts', () => {
    const wrong: string[] = [];
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        for (const bytes of [
          [first, second],
          [first, second, 0x80, 0xbf],
        ].map((all) => Uint8Array.from(all))) {
          if (isTaken(check, bytes, 1) !== isUtf8(bytes)) wrong.push(bytes.join(' '));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('wherever it is cut', () => {
    const near = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(0xc3, 0xe0, 0xed, 0xf0, 0x80, 0xa0),
      ),
    );
    const texts = fc.string({ unit: 'binary' }).map((text) => [...Buffer.from(text)]);
    fc.assert(
      fc.property(fc.oneof(near, texts), fc.integer({ min: 1, max: 5 }), (octets, piece) => {
        const bytes = Uint8Array.from(octets);
        return isTaken(check, bytes, piece) === isUtf8(bytes);
      }),
    );
  });
});
