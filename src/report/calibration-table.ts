import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Ceiling } from '../results/calibration.js';
import { formatCount, formatMicros } from '../basis/format.js';

/** What each engine reaches here, and how late it sends on the way there. */
export function calibrationTable(ceilings: readonly Ceiling[], color: ChalkInstance): string {
  const shares = ceilings[0]?.steps.map(({ share }) => share) ?? [];
  const drawn = new Table({
    head: [
      'engine',
      'threads',
      'requests/s',
      'CPU/req',
      ...shares.map((share) => `late at ${Math.round(share * 100)} %`),
    ],
    colAligns: ['left', ...new Array<'right'>(3 + shares.length).fill('right')],
    style: { head: [], border: [] },
  });
  for (const { engine, threads, requestsPerSecond, cpuUsPerRequest, steps } of ceilings) {
    drawn.push([
      color.bold(engine),
      `${threads}`,
      color.cyan.bold(formatCount(requestsPerSecond)),
      cpuUsPerRequest === null ? '–' : formatMicros(cpuUsPerRequest),
      ...steps.map(
        ({ sendDelayUs }) => `${formatMicros(sendDelayUs.p50)} ${formatMicros(sendDelayUs.p99)}`,
      ),
    ]);
  }
  return drawn.toString();
}
