import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Wanted } from './planned.js';

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly fields: (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Tells what node:http made of the last request. */
let received: Received | null = null;
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const raw = request.rawHeaders;
    received = {
      method: request.method,
      path: request.url,
      fields: Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!]),
      body: Buffer.concat(chunks).toString('latin1'),
    };
    response.end();
  });
});
let port = 0;
let client: Client;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  client = new Client(`http://127.0.0.1:${port}`);
});
afterAll(async () => {
  await client.close();
  server.close();
});

async function sendRaw(bytes: Uint8Array): Promise<Received> {
  received = null;
  const socket = net.connect(port, '127.0.0.1');
  socket.write(bytes);
  await once(socket, 'data');
  socket.destroy();
  return received!;
}

async function sendByUndici(request: ReturnType<typeof compile>, seq: number): Promise<Received> {
  received = null;
  const { method, ...rest } = request.materialize(seq);
  const { body } = await client.request({ method, ...rest });
  await body.dump();
  return received!;
}

/** Text with placeholders, and what it is for request number `seq`. */
interface Text {
  readonly template: string;
  readonly filled: (seq: number) => string;
}

const rows = [
  ['a', 'plain'],
  ['b', 'ü/?{}'],
  ['c', ''],
];
const data = { columns: ['id', 'text'], rows };

function piece(literals: string, encode: (cell: string) => string): fc.Arbitrary<Text> {
  return fc.oneof(
    fc
      .string({ unit: fc.constantFrom(...Array.from(literals)), maxLength: 10 })
      .map((text) => ({ template: text.replaceAll('{', '{{'), filled: () => text })),
    fc.constant({ template: '{seq}', filled: String }),
    fc.constant({ template: '{seq:5}', filled: (seq: number) => String(seq).padStart(5, '0') }),
    fc.constant({ template: '{rand:7:7}', filled: () => '7' }),
    fc.constant({ template: '{row.id}', filled: (seq: number) => rows[seq % 3]![0]! }),
    fc.constant({ template: '{row.text}', filled: (seq: number) => encode(rows[seq % 3]![1]!) }),
  );
}

function text(literals: string, encode: (cell: string) => string): fc.Arbitrary<Text> {
  return fc.array(piece(literals, encode), { maxLength: 5 }).map((pieces) => ({
    template: pieces.map(({ template }) => template).join(''),
    filled: (seq) => pieces.map(({ filled }) => filled(seq)).join(''),
  }));
}

const latin1 = (utf8: string) => Buffer.from(utf8, 'utf8').toString('latin1');
const wanted = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  path: text('ab/?&=%;,{}', encodeURIComponent),
  fields: fc.array(
    text('ab ",;:{}é', (cell) => cell),
    { maxLength: 3 },
  ),
  body: fc.option(
    text('ab{}"\r\n\0é', (cell) => cell),
    { nil: null },
  ),
  seq: fc.nat(99_999),
});

describe('a request with placeholders', () => {
  it('is what was asked for to node:http, by both engines’ ways', async () => {
    for (const { method, path, fields, body, seq } of fc.sample(wanted, {
      numRuns: 300,
      seed: 9112,
    })) {
      const spec: Wanted = {
        method,
        path: `/${path.template}`,
        headers: fields.map(({ template }, i) => [`X-${i}`, template] as const),
        body: body === null ? null : body.template,
        data,
      };
      const request = compile(spec);
      const sent = await sendRaw(request.bytesFor(0, seq));
      const content = body === null ? '' : latin1(body.filled(seq));
      const hasLength = body !== null || ['POST', 'PUT', 'PATCH'].includes(method);
      expect(sent).toEqual({
        method,
        path: `/${path.filled(seq)}`,
        fields: [
          ['Host', 'example.test:8080'],
          ['User-Agent', 'c1m/test'],
          ['Accept', '*/*'],
          ...(body === null ? [] : [['Content-Type', 'application/octet-stream']]),
          ...fields.map(({ filled }, i) => [`X-${i}`, latin1(filled(seq)).replace(/^ +| +$/g, '')]),
          ...(hasLength ? [['Content-Length', String(content.length)]] : []),
        ],
        body: content,
      });

      const byUndici = await sendByUndici(request, seq);
      const own = new Set(['host', 'connection', 'content-length']);
      const comparable = ({ fields: all, ...rest }: Received) => ({
        ...rest,
        fields: all.filter(([name]) => !own.has(name.toLowerCase())),
      });
      expect(comparable(byUndici)).toEqual(comparable(sent));
    }
  });
});
