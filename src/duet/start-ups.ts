import type { Contender } from './contender.js';
import { sliceOrder, type Side } from './slice-order.js';
import { median } from '../stats/sample.js';

/** Of both sides together, so that a slow starter does not eat up the budget. */
const startsMs = 500;
const mostBlocks = 2;
const slowMs = 2_000;

/**
 * Starts both sides by turns, alone and without load, as often as there is time for: a single
 * start-up time swings by a tenth. The median of each, in milliseconds; null where c1m does not
 * start them.
 */
export async function measureStartUps(
  contenders: Readonly<Record<Side, Contender>>,
  cpus: readonly number[],
  random: () => number,
  signal: AbortSignal,
): Promise<Readonly<Record<Side, number | null>>> {
  if (!contenders.base.fresh || !contenders.head.fresh) return { base: null, head: null };
  const times: Record<Side, number[]> = { base: [], head: [] };
  const began = performance.now();
  for (let block = 0; block < mostBlocks; block++) {
    for (const side of sliceOrder(1, random)) {
      signal.throwIfAborted();
      const server = await contenders[side].start(cpus, signal);
      await server.stop();
      if (server.startupMs !== null) times[side].push(server.startupMs);
      // Slow starts swing less, and would eat up the time for everything else: one of each.
      if (performance.now() - began > slowMs && times.base.length === times.head.length) break;
    }
    if (performance.now() - began > startsMs) break;
  }
  return { base: median(times.base), head: median(times.head) };
}
