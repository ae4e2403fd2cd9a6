import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

const octets = (...bytes: number[]): Buffer => Buffer.from(bytes);
const text = (content: Buffer, first = 0x81): Buffer =>
  Buffer.concat([octets(first, content.length), content]);
const valid = Buffer.from('expected ü');

/** What may not be sent (RFC 6455 §5, §8.1), and the code that says so (§7.4.1). */
const faults: readonly (readonly [what: string, frames: Buffer, code: number])[] = [
  ['RSV1 without an extension', text(valid, 0xc1), 1002],
  ['RSV2', text(valid, 0xa1), 1002],
  ['RSV3', text(valid, 0x91), 1002],
  ['a reserved opcode', octets(0x83, 0), 1002],
  ['a reserved control opcode', octets(0x8b, 0), 1002],
  ['a masked frame', octets(0x81, 0x81, 1, 2, 3, 4, 5), 1002],
  ['a long ping', Buffer.concat([octets(0x89, 126, 0, 126), Buffer.alloc(126)]), 1002],
  ['a ping in fragments', octets(0x09, 0), 1002],
  ['a continuation of nothing', octets(0x80, 0), 1002],
  ['a message within another', octets(0x01, 1, 0x61, 0x81, 1, 0x62), 1002],
  [
    'a length beyond all numbers',
    octets(0x82, 127, 0x7f, 0xff, 255, 255, 255, 255, 255, 255),
    1009,
  ],
  ['a text that is not UTF-8', text(octets(0x61, 0xff)), 1007],
  ['one that ends within a character', text(octets(0x61, 0xc3)), 1007],
  ['one with a surrogate, in fragments', octets(0x01, 1, 0xed, 0x80, 2, 0xa0, 0x80), 1007],
];

let server: Server | undefined;
afterEach(() => server?.close());

/** Answers the n-th message, over all connections, with `answers[n]`, and notes each close frame's code. */
async function faultyServer(answers: readonly Buffer[]) {
  const codes: number[] = [];
  let messages = 0;
  server = createServer((socket) => {
    let isOpen = false;
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      if (!isOpen) {
        isOpen = true;
        const [, key = ''] = /sec-websocket-key: (.*)\r\n/i.exec(data.toString('latin1')) ?? [];
        const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
        const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
        );
      } else if (data[0] === 0x88) {
        const mask = data.subarray(2, 6);
        codes.push(((data[6]! ^ mask[0]!) << 8) | (data[7]! ^ mask[1]!));
        socket.end();
      } else socket.write(answers[messages++] ?? text(valid));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { codes, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe.each(engines.filter((engine) => engine !== 'undici'))('over %s,', (engine) => {
  const asked = { engine, connections: 1, threads: 1, timeout: '5s', body: 'x' } as const;

  it('what RFC 6455 forbids fails its message by name, and the server hears the code', async () => {
    const { codes, url } = await faultyServer(faults.map(([, frames]) => frames));
    // It is looked into texts only where something is sought in them.
    const scenario = join(mkdtempSync(join(tmpdir(), 'c1m-faults-')), 'scenario.yaml');
    writeFileSync(
      scenario,
      `name: faults
requests: [{ body: x, expect: { bodyContains: 'expected ü' } }]
phases: [{ connections: 1, requests: ${faults.length + 3} }]
`,
    );
    const { load } = await phaseOf(url, { engine, threads: 1, timeout: '5s', scenario });
    expect(load.errors).toEqual({ protocol: faults.length });
    expect(load.responses).toBe(3);
    expect(codes).toEqual(faults.map(([, , code]) => code));
  });

  it.each([
    ['with any code', [1000, 1001, 1011, 1013, 3000, 4999]],
    ['without one', [null, null]],
  ])('a close %s is given back', async (_, sent) => {
    const { codes, url } = await faultyServer(
      sent.map((code) =>
        code === null ? octets(0x88, 0) : octets(0x88, 2, code >> 8, code & 255),
      ),
    );
    const { load } = await phaseOf(url, { ...asked, requests: sent.length + 2 });
    expect(load.errors).toEqual({ 'closed-by-server': sent.length });
    expect(load.responses).toBe(2);
    if (sent[0] !== null) expect(codes).toEqual(sent);
  });
});
