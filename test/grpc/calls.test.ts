import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Certificates } from '../fixtures/certificates.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';
import { greeterFile, startGreeter, type GreeterServer } from './greeter-server.js';

let greeter: GreeterServer | undefined;
let other: http2.Http2Server | undefined;
afterEach(() => {
  greeter?.close();
  other?.close();
});

const few = { requests: '40', connections: '2', streams: '4', threads: '1' } as const;
const described = { proto: [greeterFile] };
const url = (): string => `http://127.0.0.1:${greeter!.port}/`;

/** Answers each call by itself, over HTTP/2 alone. */
async function answering(answer: (stream: http2.ServerHttp2Stream) => void): Promise<string> {
  other = http2.createServer();
  other.on('stream', (stream) => {
    stream.on('error', () => undefined);
    answer(stream);
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
}

const message = (flag: number, length: number): Buffer => {
  const octets = Buffer.alloc(5 + length);
  octets[0] = flag;
  octets.writeUInt32BE(length, 1);
  return octets;
};

describe.each(engines.filter((engine) => engine !== 'undici'))('calls over %s', (engine) => {
  const load = { engine, ...few, ...described };

  it('reach the server with each message once, and its metadata', async () => {
    greeter = await startGreeter();
    const { load: figures } = await phaseOf(url(), {
      ...load,
      grpc: 'test.greeter.Greeter/SayHello',
      data: '{"name":"user {seq}","id":{seq}}',
      header: ['x-caller: {seq}'],
    });
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(40);
    const ids = greeter.heard.map(({ name, id }) => `${String(name)} ${String(id)}`);
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    expect(ids.sort()).toEqual(numbers.map((n) => `user ${n} ${n}`).sort());
    const callers = greeter.metadata.map((one) => Number(one.get('x-caller')[0]));
    expect(callers.sort((a, b) => a - b)).toEqual(numbers);
  });

  it.each([
    ['Sum', '[{"name":"{seq}"},{},{}]', 3],
    ['Many', '{"name":"{seq}"}', 1],
    ['Chat', '[{"name":"{seq}"},{}]', 2],
  ])('%s, with several messages on one side or both, is one call', async (name, data, each) => {
    greeter = await startGreeter();
    const grpcMethod = `test.greeter.Greeter.${name}`;
    const { load: figures } = await phaseOf(url(), { ...load, grpc: grpcMethod, data });
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(40);
    expect(greeter.heard).toHaveLength(40 * each);
  });

  it('tell each message of an answer that has several', async () => {
    greeter = await startGreeter();
    const { load: figures, events } = await phaseOf(url(), {
      ...load,
      grpc: 'test.greeter.Greeter/Many',
    });
    expect(figures.responses).toBe(40);
    expect(events).toMatchObject({ streams: 40, withoutEvents: 0, received: 120 });
    expect(events!.firstEventUs!.count).toBe(40);
    expect(events!.betweenUs!.count).toBe(80);
  });

  it.each([
    [grpc.status.RESOURCE_EXHAUSTED, 'grpc-resource-exhausted'],
    [grpc.status.CANCELLED, 'grpc-cancelled'],
    [grpc.status.UNAUTHENTICATED, 'grpc-unauthenticated'],
  ])('fail by the name of status %d, with what the server says', async (status, name) => {
    greeter = await startGreeter();
    const { load: figures } = await phaseOf(url(), {
      ...load,
      grpc: 'test.greeter.Greeter/Fail',
      data: JSON.stringify({ name: grpc.status[status] }),
    });
    expect(figures.errors).toEqual({ [name]: 40 });
    expect(figures.failureReasons).toEqual([{ kind: name, reason: 'too much of “it”' }]);
  });

  it.each<[string, string, (stream: http2.ServerHttp2Stream) => void]>([
    [
      'no status behind it',
      'grpc-no-status',
      (stream) => {
        stream.respond({ 'content-type': 'application/grpc' });
        stream.end(message(0, 3));
      },
    ],
    [
      'a message that is compressed',
      'grpc-compressed',
      (stream) => {
        stream.respond({ 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' });
        stream.end(message(1, 3));
      },
    ],
    ['half a message', 'malformed', (stream) => succeed(stream, message(0, 30).subarray(0, 20))],
    ['no message', 'malformed', (stream) => succeed(stream, Buffer.alloc(0))],
    [
      'two messages',
      'malformed',
      (stream) => succeed(stream, Buffer.concat([message(0, 1), message(0, 0)])),
    ],
    [
      'an error of HTTP',
      'unexpected-status',
      (stream) => {
        stream.respond({ ':status': 503 });
        stream.end('no');
      },
    ],
    [
      'a status that gRPC has not',
      'grpc-unknown',
      (stream) => stream.respond({ 'grpc-status': '77' }, { endStream: true }),
    ],
  ])('with %s are %s', async (_, kind, answer) => {
    const at = await answering(answer);
    const { load: figures } = await phaseOf(at, { ...load, grpc: 'test.greeter.Greeter/SayHello' });
    expect(figures.errors).toEqual({ [kind]: 40 });
  });

  it('are answered by messages that come in pieces', async () => {
    const whole = message(0, 300);
    const at = await answering((stream) => {
      stream.respond({}, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      for (const octet of whole.subarray(0, 7)) stream.write(Buffer.of(octet));
      stream.end(whole.subarray(7));
    });
    const { load: figures } = await phaseOf(at, { ...load, grpc: 'test.greeter.Greeter/SayHello' });
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(40);
  });
});

function succeed(stream: http2.ServerHttp2Stream, content: Buffer): void {
  stream.respond({}, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(content);
}

describe('a method that the server describes', () => {
  it('is called without a file, over TLS as well', async () => {
    const made = new Certificates();
    const { cert, key } = made.signed('good');
    const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
    greeter = await startGreeter(grpc.ServerCredentials.createSsl(null, [pair]));
    const { load } = await phaseOf(`https://127.0.0.1:${greeter.port}/`, {
      ...few,
      grpc: 'test.greeter.Greeter/SayHello',
      data: '{"at":"2024-01-01T00:00:00Z","name":"{seq}"}',
      cacert: made.authority.certFile,
    });
    expect(load.errors).toEqual({});
    expect(load.responses).toBe(40);
    expect(greeter.heard[0]).toMatchObject({ at: { seconds: '1704067200' } });
  });

  it.each([
    [
      'test.greeter.Greter/SayHello',
      /no service test\.greeter\.Greter[^]*Did you mean test\.greeter\.Greeter\?/,
    ],
    ['test.greeter.Greeter/SyHello', /Did you mean test\.greeter\.Greeter\/SayHello\?/],
  ])('%s is not among them', async (method, said) => {
    greeter = await startGreeter();
    await expect(phaseOf(url(), { ...few, grpc: method })).rejects.toThrow(said);
  });

  it('needs a file where the server does not say, or does not run', async () => {
    const at = await answering((stream) =>
      stream.respond({ 'grpc-status': '12' }, { endStream: true }),
    );
    const asked = { ...few, grpc: 'a.B/C' };
    await expect(phaseOf(at, asked)).rejects.toThrow(/no reflection/);
    other!.close();
    await expect(phaseOf('http://127.0.0.1:1/', asked)).rejects.toThrow(/ECONNREFUSED/);
  });
});
