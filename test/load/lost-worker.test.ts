import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { resultSchema } from '../../dist/index.js';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { c1m } from '../fixtures/c1m.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

/** Preloaded in every thread, it lets the second load worker fail when the server says so. */
function faultyAt(requests: number, countUrl: string, fault: string): NodeJS.ProcessEnv {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'fault.mjs');
  const text = `
    import { isMainThread, workerData } from 'node:worker_threads';
    if (!isMainThread && workerData?.shard?.index === 1) {
      const look = setInterval(async () => {
        const { requests } = await (await fetch(${JSON.stringify(countUrl)})).json();
        if (requests >= ${requests}) setImmediate(() => { ${fault} });
      }, 50);
      look.unref();
    }`;
  writeFileSync(file, text);
  return { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
}

const throws = `clearInterval(look); throw new Error('a fault of the test')`;

it.each(engines)(
  'a worker that fails within a load of %s ends it in order: what was told is kept, and no more valid',
  async (engine) => {
    served = await serve();
    const env = faultyAt(1_000, `${served.url}count`, throws);
    // No run would take as long as this; its timeouts come on top.
    const args = ['run', '-t', '2', '-c', '20', '-d', '10m', '--engine', engine, '-q', '--json'];
    const { code, stdout } = await c1m([...args, served.url], undefined, { env });
    expect(code).toBe(exitCodes.invalid);
    const trial = resultSchema.parse(JSON.parse(stdout)).targets[0]!.trials[0]!;
    const [phase] = trial.phases;
    expect([trial.valid, trial.complete, phase!.valid]).toEqual([false, false, false]);
    const warning = phase!.warnings.find(({ code }) => code === 'shard-missing');
    expect(warning?.message).toMatch(/^Load worker 1 of 0 to 1 failed \(a fault of the test\)/);
    const { requestsSent, responses, errors, inFlightAtEnd } = phase!.load;
    expect(responses).toBeGreaterThan(0);
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
    expect(responses + failed + inFlightAtEnd).toBe(requestsSent);
    // Of both: the one that failed had told of some of its requests.
    expect(phase!.generator.workers.length).toBe(2);
  },
);

it('a worker whose thread ends by itself is missed as well', async () => {
  served = await serve();
  const env = faultyAt(1_000, `${served.url}count`, 'process.exit(9)');
  const args = ['run', '-t', '2', '-c', '20', '-d', '10m', '-q', '--json', served.url];
  const { code, stdout } = await c1m(args, undefined, { env });
  expect(code).toBe(exitCodes.invalid);
  expect(stdout).toContain('Its thread ended with the code 9');
});

it('a worker that fails before anything was measured is an error that ends c1m at once', async () => {
  served = await serve();
  const env = faultyAt(0, `${served.url}count`, throws);
  const args = ['run', '-t', '2', '-c', '20', '-d', '10m', '--warmup', '10m', '-q', served.url];
  const { code, stdout, stderr } = await c1m(args, undefined, { env });
  expect(code).toBe(exitCodes.failure);
  expect(stdout).toBe('');
  expect(stderr).toBe('Load worker 1 failed\n  a fault of the test\n');
});
