import { describe, expect, it } from 'vitest';
import {
  Fields,
  ResponseFields,
} from '../../../../src/load/protocol/http2/hpack/response-fields.js';
import { compileRequests } from '../../../../src/load/protocol/http2/request.js';
import { planned, type Wanted } from '../http1/planned.js';
import { Deflater, inflated } from './nghttp2.js';

const fields = new ResponseFields(1, true);
const read = (block: Buffer, isTrailer = false): number =>
  fields.read(0, block, 0, block.length, isTrailer);

let state = 1;
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const textOf = (length: number, from: string): string =>
  Array.from({ length }, () => from[random(from.length)]).join('');
const inNames = 'abcdefghijklmnopqrstuvwxyz-0123456789';
const inValues = Array.from({ length: 95 }, (_, k) => String.fromCharCode(0x20 + k)).join('');
const common = ['server', 'date', 'content-type', 'etag', 'set-cookie', 'location', 'vary'];

describe('header fields of responses', () => {
  it('are read as nghttp2 writes them, whatever they are', () => {
    const deflater = new Deflater();
    for (let k = 0; k < 3_000; k++) {
      const status = random(4) === 0 ? 100 + random(900) : [200, 204, 404, 500][random(4)]!;
      const length = random(2) === 0 ? -1 : random(1e9);
      const others = Array.from({ length: random(12) }, () => {
        const name =
          random(2) === 0 ? common[random(common.length)]! : `x${textOf(random(20), inNames)}`;
        return [name, textOf(random(200), inValues)] as const;
      });
      const block = deflater.deflate([
        [':status', String(status)],
        ...others,
        ...(length < 0 ? [] : ([['content-length', String(length)]] as const)),
      ]);
      expect(read(block)).toBe(Fields.good);
      expect(fields.status).toBe(status);
      expect(fields.contentLength).toBe(length);
    }
  });

  it('are read from a table that a server keeps all the same, as large as it says', () => {
    const kept = new ResponseFields(2, true);
    const deflater = new Deflater(4096);
    const names = [...common, ...Array.from({ length: 20 }, () => `x${textOf(9, inNames)}`)];
    const values = Array.from({ length: 40 }, () => textOf(random(300), inValues));
    for (let k = 0; k < 3_000; k++) {
      if (random(50) === 0) deflater.resize(random(4097));
      const status = [200, 204, 404, 500, 418, 503][random(6)]!;
      const length = random(3) === 0 ? -1 : random(20);
      const others = Array.from(
        { length: random(12) },
        () => [names[random(names.length)]!, values[random(values.length)]!] as const,
      );
      const block = deflater.deflate([
        [':status', String(status)],
        ...others,
        ...(length < 0 ? [] : ([['content-length', String(length)]] as const)),
      ]);
      expect(kept.read(1, block, 0, block.length, false)).toBe(Fields.good);
      expect(kept.status).toBe(status);
      expect(kept.contentLength).toBe(length);
    }
    // What the next connection in its place refers to is not this one's.
    kept.forget(1);
    expect(kept.read(1, Buffer.from([0x88, 0xbe]), 0, 2, false)).toBe(Fields.undecodable);
  });

  it('of status 200 are one octet, behind the word that there is no table', () => {
    const deflater = new Deflater();
    expect([...deflater.deflate([[':status', '200']])]).toEqual([0x20, 0x88]);
    expect([...deflater.deflate([[':status', '200']])]).toEqual([0x88]);
  });

  it.each<[string, FieldList]>([
    ['no status', [['server', 'x']]],
    [
      'two',
      [
        [':status', '200'],
        [':status', '200'],
      ],
    ],
    ['a status that is none', [[':status', 'ok!']]],
    [
      'a status behind other fields',
      [
        ['server', 'x'],
        [':status', '200'],
      ],
    ],
    [
      'a field of requests',
      [
        [':status', '200'],
        [':path', '/'],
      ],
    ],
    [
      'a field of the connection',
      [
        [':status', '200'],
        ['connection', 'close'],
      ],
    ],
    [
      'chunks',
      [
        [':status', '200'],
        ['transfer-encoding', 'chunked'],
      ],
    ],
    [
      'a name in capitals',
      [
        [':status', '200'],
        ['X-Up', 'x'],
      ],
    ],
    [
      'a length that is none',
      [
        [':status', '200'],
        ['content-length', '-1'],
      ],
    ],
    [
      'two lengths',
      [
        [':status', '200'],
        ['content-length', '1'],
        ['content-length', '2'],
      ],
    ],
  ])('with %s are malformed', (_, given) => {
    expect(read(new Deflater().deflate(given))).toBe(Fields.malformed);
  });

  it.each([
    ['what refers to an empty table', [0xbe]],
    ['number 0', [0x80]],
    ['a table of 4,097 octets', [0x3f, 0xe2, 0x1f, 0x88]],
    ['a new size behind a field', [0x88, 0x20]],
    ['a string that is cut', [0x88, 0x00, 0x05, 0x61]],
    ['a number without an end', [0x88, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['padding of more than seven bits', [0x88, 0x00, 0x82, 0x1f, 0xff, 0x01, 0x61]],
    ['padding of zeros', [0x88, 0x00, 0x81, 0x18, 0x01, 0x61]],
    ['the end of a string as an octet', [0x88, 0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x01, 0x61]],
  ])('with %s cannot be decoded', (_, octets) => {
    expect(read(Buffer.from(octets))).toBe(Fields.undecodable);
    expect(() => inflated(Buffer.concat([Buffer.from([0x20]), Buffer.from(octets)]), 0)).toThrow();
  });

  it('are read from any octets whatever without a fault', () => {
    for (let k = 0; k < 50_000; k++) {
      const octets = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
      expect([Fields.good, Fields.malformed, Fields.undecodable]).toContain(read(octets));
    }
  });
});

type FieldList = readonly (readonly [name: string, value: string])[];

describe('header fields of requests', () => {
  const block = (wanted: Wanted, sequence = 0): FieldList => {
    const plan = planned(wanted);
    const [request] = compileRequests(plan, plan.origins[0]!);
    const target = Buffer.alloc(request!.head.maxBytes);
    const body = request!.body?.prepare(0, sequence) ?? 0;
    return inflated(target.subarray(0, request!.head.write(target, 0, sequence, body)));
  };

  it('are what nghttp2 reads', () => {
    expect(block({})).toEqual([
      [':method', 'GET'],
      [':scheme', 'http'],
      [':authority', 'example.test:8080'],
      [':path', '/'],
      ['user-agent', 'c1m/test'],
      ['accept', '*/*'],
    ]);
    const headers = [
      ['Host', 'other.test'],
      ['X-N', 'n{seq}'],
      ['X-Long', 'y'.repeat(500)],
    ] as const;
    const wanted = { method: 'POST', path: '/{seq}?a', headers, body: 'n={seq}' };
    for (const n of [0, 9, 10, 12_345]) {
      expect(block(wanted, n)).toEqual([
        [':method', 'POST'],
        [':scheme', 'http'],
        [':authority', 'other.test'],
        [':path', `/${n}?a`],
        ['user-agent', 'c1m/test'],
        ['accept', '*/*'],
        ['content-type', 'application/octet-stream'],
        ['x-n', `n${n}`],
        ['x-long', 'y'.repeat(500)],
        ['content-length', String(2 + String(n).length)],
      ]);
    }
  });
});
