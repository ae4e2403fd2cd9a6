import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { resultSchema, type RunResult } from '../../dist/index.js';
import { readAllowedCpus } from '../../src/measure/cpus.js';
import { c1m } from '../fixtures/c1m.js';
import { controlGroup } from '../fixtures/control-group.js';
import { serve, type Served } from '../fixtures/serve.js';
import { hasInstrument } from '../measure/measured-process.js';

let served: Served | undefined;
afterEach(() => served?.stop());

const onLinux = process.platform === 'linux';
const canPin = onLinux && hasInstrument('taskset', '--version');
/** One that c1m may use, whatever this machine leaves to its tests. */
const cpu = `${readAllowedCpus()[0]!}`;
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'c1m-'));

function parse(json: string): RunResult {
  return resultSchema.parse(JSON.parse(json));
}

function codes({ warnings }: RunResult): string[] {
  return warnings.map(({ code }) => code);
}

describe('what disturbs all figures', () => {
  it.runIf(canPin)('is in the result where the threads have no CPU each', async () => {
    served = await serve();
    const run = (threads: string): Promise<{ stdout: string }> =>
      c1m(['run', '-n', '50', '-t', threads, '-q', '--load-cpus', cpu, '--json', served!.url]);
    const crowded = parse((await run('2')).stdout);
    expect(codes(crowded)).toContain('more-threads-than-cpus');
    expect(crowded.warnings.map(({ message }) => message).join()).toMatch(
      /2 threads of the generator share one CPU/,
    );
    expect(codes(parse((await run('1')).stdout))).not.toContain('more-threads-than-cpus');
  });

  it('is in the result and below the summary where c1m could not be bound to its CPUs', async () => {
    served = await serve();
    const args = ['run', '-n', '50', '-q', '--load-cpus', cpu, served.url];
    const nowhere = { env: { PATH: newFolder() } };
    const { code, stdout } = await c1m([...args, '--json'], undefined, nowhere);
    expect(code).toBe(0);
    const result = parse(stdout);
    expect(codes(result)).toContain('not-pinned');
    expect(result.cpus).toEqual({ load: null, target: null });
    const summary = (await c1m(args, undefined, nowhere)).stdout;
    expect(summary).toMatch(/! c1m could not be bound to the CPUs \d+: .*\n {2}\S/);
  });

  it.runIf(canPin)('is kept by c1m run and printed by c1m report', async () => {
    const folder = newFolder();
    const args = ['run', '-n', '50', '-q', '-o', folder, 'node-http'];
    const { stdout } = await c1m(args, undefined, { under: ['taskset', '-c', cpu] });
    const file = /Result +(\S+)/.exec(stdout)![1]!;
    expect(codes(parse(readFileSync(file, 'utf8')))).toContain('shared-cpu');
    const warning = 'Load and target share the only CPU';
    expect(stdout).toContain(`! ${warning}`);
    expect((await c1m(['report', folder])).stdout).toContain(`! ${warning}`);
  });

  it.runIf(canPin)('is in the result of a comparison, and below its table', async () => {
    const folder = newFolder();
    const args = ['compare', '--scenario', 'smoke', '--trials', '1', '-o', folder, 'node-http'];
    const shared = ['--load-cpus', cpu, '--target-cpus', cpu];
    const { stdout } = await c1m([...args, ...shared]);
    expect(stdout).toContain(`! Load and target share CPU ${cpu},`);
    const file = /Result +(\S+)/.exec(stdout)![1]!;
    expect(codes(parse(readFileSync(file, 'utf8')))).toContain('shared-cpu');
  });
});

it('the limits of a control group are in the result, under the host and as warnings', async ({
  skip,
}) => {
  const group = onLinux ? controlGroup(0.5, 2 ** 30) : null;
  if (group === null) return skip('this process may not make a control group');
  try {
    served = await serve();
    const args = ['run', '-n', '50', '-q', '--json', served.url];
    const { stdout } = await c1m(args, undefined, { under: group.under });
    const result = parse(stdout);
    expect(result.host.cgroup).toEqual({ cpus: 0.5, memoryBytes: 2 ** 30 });
    expect(codes(result)).toEqual(['cgroup-cpu-quota', 'cgroup-memory-limit']);
    for (const { remedy } of result.warnings) expect(remedy).not.toBe('');
  } finally {
    group.remove();
  }
});
