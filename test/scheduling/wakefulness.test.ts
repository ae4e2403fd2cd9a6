import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readAllowedCpus } from '../../src/measure/cpus.js';
import { Wakefulness } from '../../src/scheduling/wakefulness.js';
import { hasInstrument } from '../measure/measured-process.js';

const hasChrt = process.platform === 'linux' && hasInstrument('chrt', '--version');

/** Policies of the loops that run, as chrt names them. */
function loops(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all
    .filter((line) => /^\s*\d+ \/bin\/sh -c while :; do :; done$/.test(line))
    .map((line) => execFileSync('chrt', ['-p', line.trim().split(' ')[0]!], { encoding: 'utf8' }));
}

/** Of the CPU, so far, in hundredths of a second (proc_stat(5): idle and iowait). */
function idleTicks(cpu: number): number {
  const line = new RegExp(`^cpu${cpu} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))![1]!;
  const fields = line.split(' ').map(Number);
  return fields[3]! + fields[4]!;
}

const { PATH } = process.env;
afterEach(() => {
  process.env['PATH'] = PATH;
});

describe.runIf(hasChrt)('a CPU that is kept awake', () => {
  it('never idles, by a loop of the lowest class, of which nothing is left', async () => {
    const cpu = readAllowedCpus().at(-1)!;
    const awake = await Wakefulness.begin([cpu]);
    try {
      expect(awake.warnings).toEqual([]);
      expect(loops()).toEqual([expect.stringContaining('SCHED_IDLE')]);
      const before = idleTicks(cpu);
      await sleep(500);
      expect(idleTicks(cpu) - before).toBeLessThan(5);
    } finally {
      await awake.end();
    }
    expect(loops()).toEqual([]);
  });

  it('is said to sleep where it cannot be kept awake', async () => {
    process.env['PATH'] = '/nonexistent';
    const awake = await Wakefulness.begin(readAllowedCpus().slice(-1));
    await awake.end();
    expect(awake.warnings.map(({ code }) => code)).toEqual(['server-cpu-asleep']);
  });

  it('may be none', async () => {
    const awake = await Wakefulness.begin([]);
    expect(awake.warnings).toEqual([]);
    await awake.end();
  });
});
