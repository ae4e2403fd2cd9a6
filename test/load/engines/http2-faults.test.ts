import { mkdtempSync, writeFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/load/plan.js';
import { http2Server, resetStream } from '../../fixtures/http2-server.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

type Server = Awaited<ReturnType<typeof http2Server>>;
type Asked = Parameters<Parameters<typeof http2Server>[0]>[1];

let server: Server | undefined;
afterEach(() => server?.close());

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } =
  constants;

/** One request in a hundred meets the fault. */
async function loadWith(engine: EngineName, fault: (asked: Asked) => void) {
  server = await http2Server((k, asked) => (k % 100 === 50 ? fault(asked) : asked.ok()));
  const flags = { engine, http2: true, requests: '400', connections: '4', timeout: '2s' };
  return (await phaseOf(server.url, flags)).load;
}

/** The head and some of the body, and then what is given. */
const afterHalf = (then: (asked: Asked) => void) => (asked: Asked) => {
  asked.stream.respond({ ':status': 200 });
  asked.stream.write('half', () => setTimeout(() => then(asked), 20));
};

describe.each(engines)('over %s, a fault of HTTP/2 fails one request, under its name', (engine) => {
  it.each<[string, string, (asked: Asked) => void]>([
    ['a refused stream', 'refused-stream', (asked) => resetStream(asked, NGHTTP2_REFUSED_STREAM)],
    [
      'a stream that is reset before its head',
      'stream-reset',
      (asked) => resetStream(asked, NGHTTP2_INTERNAL_ERROR),
    ],
    [
      'a stream that is cancelled before its head',
      'stream-reset',
      (asked) => resetStream(asked, NGHTTP2_CANCEL),
    ],
    [
      'a stream that is reset in mid-body',
      'stream-reset',
      afterHalf((asked) => resetStream(asked, NGHTTP2_INTERNAL_ERROR)),
    ],
    ['a late response', 'timeout', () => undefined],
    [
      'GOAWAY with an error',
      'goaway',
      ({ stream }) => stream.session?.goaway(NGHTTP2_INTERNAL_ERROR),
    ],
    ['a connection that is reset', 'reset', ({ socket }) => socket.resetAndDestroy()],
    [
      'a connection that is closed before the response',
      'closed-before-response',
      ({ socket }) => socket.destroy(),
    ],
    [
      'a connection that is closed in mid-body',
      'truncated',
      afterHalf(({ socket }) => socket.destroy()),
    ],
  ])('%s is `%s`', async (_, kind, fault) => {
    const load = await loadWith(engine, fault);
    expect(load.errors).toEqual({ [kind]: 4 });
    expect(load.statusCodes).toEqual({ 200: 396 });
    expect(load.connections.failed).toBe(0);
    expect(server!.requests).toBe(400);
  });

  it('a 413 that comes before a body of 5 MB has ended is a response, or one failed request', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'body');
    writeFileSync(file, Buffer.alloc(5_000_000));
    server = await http2Server((_, asked) => {
      asked.stream.respond({ ':status': 413 }, { endStream: true });
      resetStream(asked, NGHTTP2_NO_ERROR);
    });
    const flags = { engine, http2: true, requests: '20', connections: '2', bodyFile: file };
    const { load } = await phaseOf(server.url, flags);
    expect((load.statusCodes['413'] ?? 0) + (load.errors['stream-reset'] ?? 0)).toBe(20);
    expect(load.requestsSent).toBe(20);
  });
});

describe.each(engines)('over HTTP/2 and %s, a response is counted', (engine) => {
  it('after an interim one', async () => {
    const load = await loadWith(engine, ({ stream, ok }) => {
      stream.additionalHeaders({ ':status': 103 });
      ok();
    });
    expect(load.statusCodes).toEqual({ 200: 400 });
  });

  it('that is a 304 with the length of what it stands for', async () => {
    const load = await loadWith(engine, ({ stream }) =>
      stream.respond({ ':status': 304, 'content-length': 5 }, { endStream: true }),
    );
    expect(load.statusCodes).toEqual({ 200: 396, 304: 4 });
  });
});

describe.each(engines)('over %s', (engine) => {
  // What undici cannot do.
  const unlessUndici = engine === 'undici' ? it.fails : it;

  unlessUndici('after a graceful GOAWAY, streams up to its last id complete', async () => {
    const load = await loadWith(engine, ({ stream, ok }) => {
      stream.session?.goaway(NGHTTP2_NO_ERROR);
      setTimeout(ok, 20);
    });
    expect(load.errors).toEqual({});
  });

  unlessUndici('a stream that is reset in mid-body without an error is cut short', async () => {
    const load = await loadWith(
      engine,
      afterHalf((asked) => resetStream(asked, NGHTTP2_NO_ERROR)),
    );
    expect(load.errors).toEqual({ 'stream-reset': 4 });
  });
});
