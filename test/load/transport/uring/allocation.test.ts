import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { Certificates } from '../../../fixtures/certificates.js';
import { serveNull } from '../../../fixtures/null-server.js';
import { hasUring } from '../../../fixtures/uring.js';

/** What a turn of the loop, which serves many requests, may allocate: 90 to 105 bytes at present. */
const bytesPerTurn = 110;
/** 4 to 7 bytes at present, from what is done once a second. One boxed number would add 16. */
const bytesPerRequest = 12;

it.runIf(hasUring).each([
  { of: 'the only one', kinds: 1 },
  { of: 'one of two kinds', kinds: 2 },
])(
  'a request, $of, from its send to its record allocates nothing',
  async ({ kinds }) => {
    const server = await serveNull();
    onTestFinished(async () => {
      await server.stop();
    });
    expect(await leastPerRequest(new URL(server.url).port, `${kinds}`)).toBeLessThan(
      bytesPerRequest,
    );
  },
  240_000,
);

it.runIf(hasUring).each([
  ['one of HTTP/2', 1, ''],
  ['one of HTTP/2, with ten at once', 10, ''],
  ['a message on a call that is held open', 10, 'messages'],
])(
  'nor does %s',
  async (_, streams, what) => {
    const program = fileURLToPath(
      new URL('../../../fixtures/http2-null-server.js', import.meta.url),
    );
    const server = spawn(process.execPath, [program, what], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill());
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const least = await leastPerRequest(port.toString().trim(), '2', `${streams}`, what);
    expect(least).toBeLessThan(bytesPerRequest);
  },
  240_000,
);

it.runIf(hasUring)(
  'nor does one over TLS',
  async () => {
    const program = fileURLToPath(new URL('../../../fixtures/tls-null-server.js', import.meta.url));
    const { keyFile, certFile } = new Certificates().selfSigned('null');
    const server = spawn(process.execPath, [program, keyFile, certFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill());
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const least = await leastPerRequest(port.toString().trim(), '1', '0', 'tls');
    // A number is boxed until V8 has compiled for good, for which these are too few, without TLS as well.
    expect(least).toBeLessThan(bytesPerRequest + 16);
  },
  240_000,
);

/** Bytes that a request allocates, over and above what the turns of the loop do. */
async function leastPerRequest(...words: string[]): Promise<number> {
  const probe = fileURLToPath(new URL('./allocation-probe.js', import.meta.url));
  const room = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];
  // Counting coverage allocates.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, [...room, probe, ...words], {
    env,
  });
  const rounds = JSON.parse(stdout) as { bytes: number; requests: number; turns: number }[];
  expect(rounds).toHaveLength(4);
  // The least: V8 may yet compile anew in the first, and boxes numbers until then.
  return Math.min(
    ...rounds.map(({ bytes, requests, turns }) => (bytes - turns * bytesPerTurn) / requests),
  );
}
