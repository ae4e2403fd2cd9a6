import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { countsEvent, EventCounter } from '../../src/perf/event-counter.js';
import { hasInstrument } from '../measure/measured-process.js';

const hasPerf = process.platform === 'linux' && hasInstrument('perf', '--version');

/** CPU time of a process's threads, in milliseconds (proc(5), schedstat). */
function ranMillis(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

describe.runIf(hasPerf)('an event that perf counts', () => {
  it('is counted from the beginning to the end, and not before or after', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      await sleep(200);
      const counter = (await EventCounter.start('task-clock', [busy.pid!]))!;
      await sleep(500);
      const before = ranMillis(busy.pid!);
      await counter.begin();
      const begun = ranMillis(busy.pid!);
      await sleep(500);
      const ending = ranMillis(busy.pid!);
      const counted = (await counter.end())!;
      // In milliseconds; /proc is a tick late.
      expect(counted).toBeGreaterThan(ending - begun - 10);
      expect(counted).toBeLessThan(ranMillis(busy.pid!) - before + 10);
    } finally {
      busy.kill('SIGKILL');
    }
  });

  it('is known not to be counted here, or of processes that are gone', async () => {
    expect(countsEvent('task-clock')).toBe(true);
    expect(countsEvent('no-such-event')).toBe(false);
    expect(await EventCounter.start('task-clock', [4_194_303])).toBeNull();
  });
});
