import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../../src/load/protocol/http2/frame-reader.js';
import { framed, randomFrom } from './framed.js';

/** What is told of octets that come in pieces, neighbouring pieces of content joined. */
function told(octets: Buffer, nextPiece: () => number): unknown[] {
  const events: unknown[][] = [];
  const reader = new FrameReader(2, {
    frame: (c, type, flags, stream, bytes, start, end) =>
      events.push([
        c,
        type,
        flags,
        stream,
        Buffer.from(bytes.subarray(start, end)).toString('hex'),
      ]),
    data: (c, stream, bytes, start, end, counted, ends) => {
      const content = Buffer.from(bytes.subarray(start, end)).toString('hex');
      const last = events.at(-1);
      if (last?.[0] === 'data' && last[2] === stream && counted === 0 && last[5] === false) {
        last[3] = `${String(last[3])}${content}`;
        last[5] = ends;
      } else events.push(['data', c, stream, content, counted, ends]);
    },
    badFrame: (c, code) => events.push(['bad', c, code]),
  });
  for (let at = 0; at < octets.length;) {
    // In the middle of more, as a part of a buffer would be.
    const piece = Math.min(octets.length - at, nextPiece());
    const bytes = Buffer.concat([Buffer.alloc(7, 0xee), octets.subarray(at, at + piece)]);
    reader.read(1, bytes, 7, 7 + piece);
    at += piece;
  }
  return events;
}

describe('frames', () => {
  it('are the same however they are cut', () => {
    const random = randomFrom(1);
    for (let k = 0; k < 300; k++) {
      const octets = Buffer.concat(
        Array.from({ length: 1 + random(12) }, () => {
          const type = random(3) === 0 ? random(12) : 0;
          const flags = random(2) * 8 + random(2);
          const payload = Buffer.from(Array.from({ length: random(60) }, () => random(256)));
          // A padding that fits.
          if (type === 0 && flags >= 8 && payload.length > 0) payload[0] = random(payload.length);
          const isBad = type === 0 && flags >= 8 && payload.length === 0;
          return framed(type, isBad ? 0 : flags, random(9), payload);
        }),
      );
      const whole = told(octets, () => octets.length);
      expect(told(octets, () => 1)).toEqual(whole);
      expect(told(octets, () => 1 + random(30))).toEqual(whole);
    }
  });

  it('are bounded by the length that c1m says it takes', () => {
    const long = Buffer.from([0, 0x40, 1, 4, 0, 0, 0, 0, 0]);
    expect(told(long, () => 9)).toEqual([['bad', 1, 6]]);
    expect(told(long.subarray(0, 9), () => 1)).toEqual([['bad', 1, 6]]);
    const longest = framed(7, 0, 0, Buffer.alloc(16_384));
    expect(told(longest, () => 1000)).toHaveLength(1);
  });

  it('with more padding than payload are none', () => {
    expect(told(framed(0, 8, 1, Buffer.from([3, 0, 0])), () => 99)).toEqual([['bad', 1, 1]]);
    expect(told(framed(0, 8, 1, Buffer.alloc(0)), () => 99)).toEqual([['bad', 1, 6]]);
  });
});
