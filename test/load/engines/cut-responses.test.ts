import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../../fixtures/answering.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';
import { response } from '../protocol/http1/generated-response.js';

let server: Awaited<ReturnType<typeof answering>> | undefined;
afterEach(() => server?.close());

const text = 'one {million} connections';
const half = text.length >> 1;
const chunked =
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n` +
  `${half.toString(16)};a=b\r\n${text.slice(0, half)}\r\n` +
  `${(text.length - half).toString(16)}\r\n${text.slice(half)}\r\n0\r\nX-Sum: 1\r\n\r\n`;
const sized = `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

const kinds: [name: string, whole: string, closes: boolean][] = [
  ['with a length', sized, false],
  ['in chunks, with a trailer', chunked, false],
  [
    'after two interim ones',
    `HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 103 Soon\r\nA: b\r\n\r\n${sized}`,
    false,
  ],
  ['with a length, and then an end', sized.replace('\r\n', '\r\nConnection: close\r\n'), true],
  ['that ends with its connection', `HTTP/1.1 200 OK\r\nServer: x\r\n\r\n${text}`, true],
];

function scenarioThatExpects(bodyContains: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'expect.yaml');
  const request = { path: '/', expect: { status: 200, bodyContains } };
  const phase = { requests: 1, connections: 1 };
  const scenario = { name: 'expect', requests: [request], phases: [phase] };
  writeFileSync(file, JSON.stringify(scenario));
  return file;
}

describe.each(engines)('the engine %s', (engine) => {
  it.each(kinds)('reads a response %s, cut after any octet', async (_, whole, closes) => {
    const bytes = Buffer.from(whole);
    const { length } = bytes;
    server = await answering((k) => {
      const cut = k % length;
      // In the second half of the requests into three.
      const second = Math.ceil((cut + length) / 2);
      return { bytes, cuts: k < length ? [cut] : [cut, second], closes };
    });
    const { load } = await phaseOf(server.url, {
      engine,
      scenario: scenarioThatExpects(text),
      requests: `${2 * length}`,
      connections: '8',
      threads: '2',
    });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 2 * length });
    expect(load.bytesReceived).toBe(2 * length * length);
  });

  // undici, by its own choice, ends the connection at a 100 that it has not asked for.
  it.skipIf(engine === 'undici')('reads any valid response, in any pieces', async () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
    const made = fc.sample(fc.tuple(response(), shares), { numRuns: 300, seed: 5 });
    server = await answering((k) => {
      const [{ bytes, keepAlive }, cut] = made[k]!;
      const cuts = cut.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
      return { bytes, cuts, closes: !keepAlive };
    });
    const { load } = await phaseOf(server.url, { engine, requests: '300', connections: '6' });
    const statusCodes: Record<string, number> = {};
    for (const [{ status }] of made) statusCodes[status] = (statusCodes[status] ?? 0) + 1;
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual(statusCodes);
    expect(load.bytesReceived).toBe(server.bytesWritten);
  });
});
