import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../../dist/index.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';
import { greeterFile, startGreeter, type GreeterServer } from './greeter-server.js';

let greeter: GreeterServer | undefined;
let other: http2.Http2Server | undefined;
const sessions = new Set<http2.ServerHttp2Session>();
afterEach(() => {
  greeter?.close();
  for (const session of sessions) session.destroy();
  sessions.clear();
  other?.close();
});

const chat = {
  grpc: 'test.greeter.Greeter/Chat',
  proto: [greeterFile],
  pingPong: true,
  threads: '1',
} as const satisfies RunOptions;
const url = (): string => `http://127.0.0.1:${greeter!.port}/`;

/** Takes each call by itself, over HTTP/2 alone. */
async function taking(
  take: (stream: http2.ServerHttp2Stream, call: number) => void,
  settings: http2.Settings = {},
): Promise<string> {
  other = http2.createServer({ settings });
  let calls = 0;
  other.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  other.on('stream', (stream) => {
    stream.on('error', () => undefined);
    take(stream, calls++);
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
}

/** Calls back with the number of each message that has come whole. */
function eachMessage(stream: http2.ServerHttp2Stream, each: (index: number) => void): void {
  let left = Buffer.alloc(0);
  let index = 0;
  stream.on('data', (chunk: Buffer) => {
    left = Buffer.concat([left, chunk]);
    while (left.length >= 5 && left.length >= 5 + left.readUInt32BE(1)) {
      left = left.subarray(5 + left.readUInt32BE(1));
      each(index++);
    }
  });
}

const message = (length: number, flag = 0): Buffer => {
  const octets = Buffer.alloc(5 + length, 'x');
  octets[0] = flag;
  octets.writeUInt32BE(length, 1);
  return octets;
};

function end(stream: http2.ServerHttp2Stream, status: string): void {
  if (!stream.headersSent) stream.respond({}, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }));
  stream.end();
}

const answered = (stream: http2.ServerHttp2Stream): void =>
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });

describe.each(engines.filter((engine) => engine !== 'undici'))('ping-pong over %s', (engine) => {
  const load = { ...chat, engine };

  it.each([{}, { rate: '200' }])(
    'sends message after message on the same calls %j',
    async (how) => {
      greeter = await startGreeter();
      const flags = { ...load, ...how, requests: '100', connections: '2', streams: '4' };
      const {
        load: figures,
        events,
        latencyUs,
      } = await phaseOf(url(), {
        ...flags,
        data: '{"name":"user {seq}","id":{seq}}',
      });
      expect(figures).toMatchObject({
        unit: 'message',
        errors: {},
        statusCodes: {},
        callsEnded: {},
      });
      expect(figures.responses).toBe(100);
      expect(latencyUs!.count).toBe(100);
      expect(events).toBeNull();
      const ids = greeter.heard.map(({ id }) => Number(id)).sort((a, b) => a - b);
      expect(ids).toEqual(Array.from({ length: 100 }, (_, n) => n));
      expect(greeter.chats.begun).toBe(8);
    },
  );

  it('opens a call again that the server ends between two messages', async () => {
    greeter = await startGreeter();
    const one = { connections: '1', rate: '20', requests: '4' };
    const flags = { ...load, ...one, data: '{"name":"leave"}' };
    const { load: figures, warnings } = await phaseOf(url(), flags);
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(4);
    expect(greeter.chats.begun).toBe(4);
    // The last may be ended by both at once.
    expect(figures.callsEnded['ok']).toBeGreaterThanOrEqual(3);
    expect(warnings.map(({ code }) => code)).toContain('calls-ended');
  });

  it('fails the message under way by the status that ends its call', async () => {
    greeter = await startGreeter();
    const { load: figures } = await phaseOf(url(), {
      ...load,
      ...{ connections: '2', streams: '2', requests: '20', data: '{"name":"fail ABORTED"}' },
    });
    expect(figures.errors).toEqual({ 'grpc-aborted': 20 });
    expect(figures.callsEnded).toEqual({ 'grpc-aborted': 20 });
    expect(figures.failureReasons).toEqual([{ kind: 'grpc-aborted', reason: 'no more' }]);
    expect(figures.connections).toMatchObject({ opened: 2, lost: 0 });
  });

  it('resets a call that is silent for too long, and opens another on its connection', async () => {
    greeter = await startGreeter();
    const { load: figures, latencyUs } = await phaseOf(url(), {
      ...load,
      ...{ connections: '1', duration: '600ms', timeout: '100ms', data: '{"name":"ignore"}' },
    });
    const timeouts = figures.errors['timeout']!;
    expect(timeouts).toBeGreaterThanOrEqual(2);
    expect(figures.errors).toEqual({ timeout: timeouts });
    expect(latencyUs!.min).toBeGreaterThanOrEqual(100_000);
    expect(figures.connections.opened).toBe(1);
    expect(greeter.chats.begun).toBe(timeouts);
  });

  it('hears an answer in pieces, and nothing that begins while nothing is asked', async () => {
    const at = await taking((stream) => {
      answered(stream);
      const unasked = message(40);
      eachMessage(stream, (index) => {
        if (index > 0) stream.write(unasked.subarray(20));
        const answer = message(300);
        for (const octet of answer.subarray(0, 7)) stream.write(Buffer.of(octet));
        setTimeout(() => stream.write(answer.subarray(7)), 20);
        setTimeout(() => stream.destroyed || stream.write(unasked.subarray(0, 20)), 30);
      });
      stream.on('end', () => end(stream, '0'));
    });
    const slow = { connections: 1, rate: '10', requests: 5 };
    const { load: figures, latencyUs } = await phaseOf(at, { ...load, ...slow });
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(5);
    expect(latencyUs!.min).toBeGreaterThanOrEqual(19_000);
  });

  it('looks into answers, message by message', async () => {
    greeter = await startGreeter();
    const scenario = new URL('./ping-pong.yaml', import.meta.url).pathname;
    const { load: figures } = await phaseOf(url(), { engine, threads: 1, scenario });
    expect(figures.errors['unexpected-body']).toBeGreaterThan(0);
    const { errors, responses } = figures;
    expect(errors['unexpected-body']! + responses).toBe(60);
    const found = greeter.heard.filter(({ name }) => name === 'found').length;
    expect(responses).toBe(found);
    expect(greeter.chats.begun).toBe(2);
  });

  it('sends and takes more than a window at once', async () => {
    const at = await taking((stream) => {
      answered(stream);
      eachMessage(stream, () => stream.write(message(300_000)));
      stream.on('end', () => end(stream, '0'));
    });
    const text = 'x'.repeat(200_000);
    const { load: figures } = await phaseOf(at, {
      ...load,
      ...{ connections: '2', streams: '3', requests: '30', data: `{"name":"${text}"}` },
    });
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(30);
    expect(figures.bytesSent).toBeGreaterThan(30 * 200_000);
    expect(figures.bytesReceived).toBeGreaterThan(30 * 300_000);
  });

  it('fails by how the server ends calls with a message under way', async () => {
    const ends: [string, (stream: http2.ServerHttp2Stream) => void][] = [
      ['grpc-compressed', (stream) => stream.write(message(3, 1))],
      ['grpc-no-status', (stream) => stream.end()],
      ['closed-by-server', (stream) => end(stream, '0')],
      [
        'malformed',
        (stream) => {
          stream.write(message(9).subarray(0, 8));
          end(stream, '0');
        },
      ],
      ['stream-reset', (stream) => stream.close(http2.constants.NGHTTP2_CANCEL)],
      ['refused-stream', (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)],
    ];
    const at = await taking((stream, call) => {
      const how = ends[call]?.[1];
      if (how === undefined) stream.respond({ ':status': 503 }, { endStream: call % 2 === 0 });
      else {
        answered(stream);
        eachMessage(stream, () => how(stream));
      }
    });
    const { load: figures } = await phaseOf(at, { ...load, connections: 1, requests: 8 });
    const expected = Object.fromEntries(ends.map(([kind]) => [kind, 1]));
    expect(figures.errors).toEqual({ ...expected, 'unexpected-status': 2 });
    const { 'closed-by-server': ok, ...others } = figures.errors;
    expect(figures.callsEnded).toEqual({ ...others, ok });
    expect(figures.connections.opened).toBe(1);
  });

  it.each([{ rate: '500', requests: '60' }, { duration: '500ms' }])(
    'goes on elsewhere after a GOAWAY, and fails nothing %j',
    async (how) => {
      let seen = 0;
      const at = await taking((stream) => {
        answered(stream);
        eachMessage(stream, () => {
          // In order, as gRPC-Go says it: at first of no stream, and then of which was the last.
          const { session } = stream;
          if (++seen % 10 === 0) session!.goaway(0, 2 ** 31 - 1);
          setTimeout(() => {
            if (stream.destroyed) return;
            stream.write(message(3));
            if (session!.destroyed || seen % 10 !== 0) return;
            session!.goaway(0);
          }, 2);
        });
        stream.on('end', () => end(stream, '0'));
      });
      const flags = { ...load, ...how, connections: '2', streams: '2' };
      const { load: figures, generator } = await phaseOf(at, flags);
      expect(figures.errors).toEqual({});
      expect(figures.responses).toBeGreaterThanOrEqual(how.requests === undefined ? 20 : 60);
      expect(figures.connections.opened).toBeGreaterThan(2);
      // No connection is counted out twice.
      expect(generator.littlesLawRatio ?? 1).toBeLessThan(1.1);
    },
  );

  it('opens no more calls than the server takes, also when it comes to take fewer', async () => {
    let most = 0;
    let open = 0;
    const at = await taking(
      (stream, call) => {
        most = Math.max(most, ++open);
        stream.on('close', () => open--);
        answered(stream);
        eachMessage(stream, (index) => {
          stream.write(message(3));
          if (call === 0 && index === 20) stream.session!.settings({ maxConcurrentStreams: 1 });
        });
        stream.on('end', () => end(stream, '0'));
      },
      { maxConcurrentStreams: 3 },
    );
    const flags = { ...load, connections: '1', streams: '8', requests: '2000' };
    const { load: figures } = await phaseOf(at, flags);
    expect(figures.errors).toEqual({});
    expect(figures.responses).toBe(2000);
    expect(most).toBe(3);
  });

  it.each([
    ['its last phase is over', { duration: '300ms' }],
    ['it is interrupted', { duration: '20s' }],
  ])('ends its calls in order when %s', async (_, how) => {
    const ends: string[] = [];
    let heard = 0;
    const stop = new AbortController();
    const at = await taking((stream) => {
      answered(stream);
      stream.on('aborted', () => ends.push('aborted'));
      eachMessage(stream, () => {
        stream.write(message(3));
        if (++heard === 20 && how.duration === '20s') stop.abort();
      });
      stream.on('end', () => {
        ends.push('in order');
        end(stream, '0');
      });
    });
    const { result } = await run(at, {
      ...{ ...load, ...how, connections: '2', streams: '2', rate: '100' },
      signal: stop.signal,
    });
    const { load: figures } = result.targets[0]!.trials[0]!.phases[0]!;
    expect(figures.responses).toBeGreaterThan(0);
    expect(figures.durationSeconds).toBeLessThan(10);
    await expect.poll(() => ends.length).toBeGreaterThanOrEqual(4);
    expect(ends).toContain('in order');
    // What is under way when it is interrupted is broken off.
    if (how.duration !== '20s') expect(ends).toEqual(Array.from({ length: 4 }, () => 'in order'));
  });
});
