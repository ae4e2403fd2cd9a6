import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

let server: http2.Http2Server | undefined;
const sessions = new Set<http2.ServerHttp2Session>();
afterEach(() => {
  for (const session of sessions) session.destroy();
  sessions.clear();
  server?.close();
});

const scenario = join(mkdtempSync(join(tmpdir(), 'c1m-returned-')), 'mix.yaml');
writeFileSync(
  scenario,
  `name: mix
http2: true
streams: 4
requests: [{ path: '/a/{seq}' }, { path: '/b/{seq}' }]
phases: [{ requests: 60, connections: 1, arrival: closed }]
`,
);

/** Says on each of the first five connections that it has touched two streams only. */
async function forgetful(): Promise<{ url: string; seen: string[]; answered: string[] }> {
  const seen: string[] = [];
  const answered: string[] = [];
  server = http2.createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, { ':path': path }) => {
    stream.on('error', () => undefined);
    seen.push(path!);
    const isUntouched = sessions.size < 6 && stream.id! > 3;
    if (isUntouched) {
      if (stream.id === 5) stream.session!.goaway(0, 3);
      return;
    }
    setTimeout(() => {
      answered.push(path!);
      if (!stream.destroyed) stream.respond({ ':status': 200 }, { endStream: true });
    }, 10);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen, answered };
}

it.each(engines.filter((engine) => engine !== 'undici'))(
  'what a GOAWAY returns is sent again as the same request with the same number, by %s',
  async (engine) => {
    const { url, seen, answered } = await forgetful();
    const { load } = await phaseOf(url, { engine, threads: 1, scenario });
    expect(load.errors).toEqual({});
    expect(load.responses).toBe(60);
    expect(load.connections.opened).toBeGreaterThanOrEqual(6);
    expect(seen.length).toBeGreaterThan(60);
    // As first chosen: no number comes a second time with another path, and none is left out.
    const numberOf = (path: string): number => Number(path.split('/')[2]);
    const numbers = Array.from({ length: 60 }, (_, n) => n);
    expect([...new Set(seen)].map(numberOf).sort((a, b) => a - b)).toEqual(numbers);
    expect(answered.map(numberOf).sort((a, b) => a - b)).toEqual(numbers);
  },
);
