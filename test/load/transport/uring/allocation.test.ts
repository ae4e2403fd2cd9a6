import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
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
    const probe = fileURLToPath(new URL('./allocation-probe.js', import.meta.url));
    const room = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];
    // Counting coverage allocates.
    const env = { ...process.env, NODE_V8_COVERAGE: undefined };
    const words = [...room, probe, new URL(server.url).port, `${kinds}`];
    const { stdout } = await promisify(execFile)(process.execPath, words, { env });
    await server.stop();
    const rounds = JSON.parse(stdout) as { bytes: number; requests: number; turns: number }[];
    expect(rounds).toHaveLength(4);
    // The least: V8 may yet compile anew in the first, and boxes numbers until then.
    const least = Math.min(
      ...rounds.map(({ bytes, requests, turns }) => (bytes - turns * bytesPerTurn) / requests),
    );
    expect(least).toBeLessThan(bytesPerRequest);
  },
  240_000,
);
