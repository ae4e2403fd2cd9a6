import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, told } from './told.js';

const payload = (most: number) => fc.uint8Array({ maxLength: most });
const messageOf = fc
  .record({
    pieces: fc.array(payload(300), { minLength: 1, maxLength: 4 }),
    pings: fc.array(payload(125), { maxLength: 2 }),
  })
  .map(({ pieces, pings }) => ({
    frames: pieces.flatMap((piece, k) => [
      frame(piece, k === 0 ? 2 : 0, k === pieces.length - 1),
      // Between the fragments, where control frames may stand.
      ...(k < pieces.length - 1 ? pings.map((ping) => frame(ping, 9, true)) : []),
    ]),
    events: [
      ...pieces.slice(1).flatMap(() => pings.map((ping) => `control 9 ${hex(ping)}`)),
      `message ${pieces.map(hex).join('')}`,
    ],
  }));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('frames of WebSocket', () => {
  it('are read as they were made, wherever their octets are cut', () => {
    const stream = fc.array(messageOf, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stream, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (made, some) => {
        const bytes = Buffer.concat(made.flatMap(({ frames }) => frames));
        const events = made.flatMap((message) => message.events);
        const cuts = some.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b);
        const every = Array.from(bytes, (_, k) => k);
        expect(told(bytes, [])).toEqual(events);
        expect(told(bytes, cuts)).toEqual(events);
        expect(told(bytes, every)).toEqual(events);
      }),
      { numRuns: 200 },
    );
  });

  it.each([65_535, 65_536, 200_000])('have lengths of 16 and 64 bits: %d', (length) => {
    const bytes = frame(new Uint8Array(length).fill(1), 2, true);
    expect(told(bytes, [3, 9])).toEqual([`message ${'01'.repeat(length)}`]);
  });

  it.each([
    ['a reserved bit', [0xc1, 0x00]],
    ['a mask, which only clients have', [0x81, 0x80, 0, 0, 0, 0]],
    ['an unknown opcode', [0x83, 0x00]],
    ['an unknown control opcode', [0x8b, 0x00]],
    ['a continuation of nothing', [0x80, 0x00]],
    ['a message within another', [0x01, 0x00, 0x81, 0x00]],
    ['a ping in fragments', [0x09, 0x00]],
    ['a ping of 126 bytes', [0x89, 126, 0, 126]],
    ['a ping whose few bytes are told in 16 bits', [0x89, 126, 0, 4, 1, 2, 3, 4]],
    ['a ping that begins to tell them so', [0x89, 126]],
  ])('are refused for %s', (_, octets) => {
    expect(told(Uint8Array.from(octets), []).at(-1)).toBe('bad 1002');
  });

  it('of more octets than can be counted are refused', () => {
    const bytes = Uint8Array.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(told(bytes, [])).toEqual(['bad 1009']);
  });

  it('that are garbage never make the reader fail, nor wait for ever in a loop', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        told(bytes, []);
      }),
      { numRuns: 2000 },
    );
  });
});
