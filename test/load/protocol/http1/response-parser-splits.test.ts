import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyMatcher } from '../../../../src/load/protocol/http1/body-matcher.js';
import { ResponseParser } from '../../../../src/load/protocol/http1/response-parser.js';
import { response } from './generated-response.js';
import { read } from './reading.js';

const matcher = new BodyMatcher('\u0001\u0002');

/** Every way to cut in two, byte by byte, and some in between, gives what one piece gives. */
function expectSameHoweverCut(bytes: Uint8Array, eof: boolean, some: readonly number[]): void {
  const whole = read(bytes, { eof, matcher });
  const every = Array.from({ length: bytes.length }, (_, i) => i);
  expect(read(bytes, { eof, matcher, cuts: every })).toEqual(whole);
  const readOtherwise = every.filter(
    (cut) => !isDeepStrictEqual(read(bytes, { eof, matcher, cuts: [cut] }), whole),
  );
  expect(readOtherwise).toEqual([]);
  const cuts = some.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  expect(read(bytes, { eof, matcher, cuts })).toEqual(whole);
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe('a response', () => {
  it('is read as it was made, and the same however it is cut', () => {
    fc.assert(
      fc.property(response(), shares, (made, some) => {
        expect(read(made.bytes, { eof: made.toClose })).toMatchObject({
          outcome: 'complete',
          status: made.status,
          bodyBytes: made.bodyBytes,
          keepAlive: made.keepAlive,
          used: made.bytes.length,
        });
        expectSameHoweverCut(made.bytes, made.toClose, some);
      }),
      { numRuns: 400 },
    );
  });

  it('is read the same when its head came before as when it did not', () => {
    fc.assert(
      fc.property(response(), (made) => {
        const anew = read(made.bytes, { eof: made.toClose, cuts: [1] });
        for (let times = 0; times < 3; times += 1) {
          expect(read(made.bytes, { eof: made.toClose })).toEqual(anew);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is told from the next in a pipeline, however that is cut', () => {
    const pipeline = fc.array(response(['length', 'chunked', 'none']), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(pipeline, fc.integer({ min: 1, max: 200 }), (made, pieceBytes) => {
        const bytes = Buffer.concat(made.map((one) => one.bytes));
        const parser = new ResponseParser();
        parser.reset(false);
        const seen: [number, number][] = [];
        for (let start = 0; start < bytes.length;) {
          const end = Math.min(bytes.length, start + pieceBytes);
          if (parser.feed(bytes, start, end) === 1) {
            seen.push([parser.status, parser.bodyBytes]);
            parser.reset(false);
          } else {
            expect(parser.consumed).toBe(end);
          }
          start = parser.consumed;
        }
        expect(seen).toEqual(made.map(({ status, bodyBytes }) => [status, bodyBytes]));
      }),
      { numRuns: 300 },
    );
  });
});

describe('bytes that are not quite HTTP', () => {
  it('give the same outcome however they are cut, where a length is spoiled after a space', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: \u0001');
    expectSameHoweverCut(bytes, false, []);
  });

  it('give the same outcome however they are cut, without throwing or looping', () => {
    const spoiled = fc
      .tuple(response(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat())
      .map(([made, changes, length]) => {
        const bytes = Buffer.from(made.bytes);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, length % (bytes.length + 1));
      });
    fc.assert(
      fc.property(spoiled, fc.boolean(), shares, (bytes, eof, some) => {
        expectSameHoweverCut(bytes, eof, some);
      }),
      { numRuns: 600 },
    );
  });

  it('give the same outcome when there is hardly any HTTP in them', () => {
    const pieces = fc.constantFrom('HTTP/1.1 ', '200', ' ', '\r', '\n', ':', 'Content-Length', '0');
    const nearly = fc.array(pieces, { maxLength: 30 }).map((all) => Buffer.from(all.join('')));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.uint8Array({ maxLength: 200 })), shares, (bytes, some) => {
        expectSameHoweverCut(bytes, true, some);
      }),
      { numRuns: 1000 },
    );
  });
});
