import type { RunningServer } from '../subject/running-server.js';
import { median } from '../stats/sample.js';
import type { Contender } from './contender.js';
import { otherSide, sideByLot, sliceOrder, type Side } from './slice-order.js';

type Contenders = Readonly<Record<Side, Contender>>;

/** Where a pair's servers start. */
interface Places {
  /** Where both are measured. */
  readonly targetCpus: readonly number[];
  /** As many others, on which one of two slow starters starts while the other does; null: by turns. */
  readonly asideCpus: readonly number[] | null;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Both sides, up, and in how many milliseconds; null where c1m does not start them, or was not to know. */
interface Started {
  readonly up: Readonly<Record<Side, RunningServer>>;
  readonly startupMs: Readonly<Record<Side, number | null>>;
}

/** Of both sides together, so that a slow starter does not eat up the budget. */
const startsMs = 500;
const mostBlocks = 2;
/** One of these swings less than a quick start, and costs more. */
const slowMs = 1_000;
const unknown = { base: null, head: null };

/** Whether it is worth while to start two of them at once. */
export function startsSlowly(startupMs: number | null): boolean {
  return startupMs !== null && startupMs > slowMs;
}

/**
 * Starts both. Slow ones at once, each on CPUs of its own, which one on which by lot: what disturbs
 * the machine meanwhile disturbs both, and the pair has what it needs in the time of one start.
 * @param measured whether the time that a start takes is wanted
 */
export async function startSides(
  contenders: Contenders,
  { targetCpus, asideCpus, random }: Places,
  measured: boolean,
  signal: AbortSignal,
): Promise<Started> {
  if (asideCpus !== null) {
    const up = await startAtOnce(contenders, targetCpus, asideCpus, random, signal);
    const { base, head } = up;
    return { up, startupMs: measured ? { base: base.startupMs, head: head.startupMs } : unknown };
  }
  const startupMs = measured
    ? await measureStartUps(contenders, targetCpus, random, signal)
    : unknown;
  return { up: await startInTurn(contenders, targetCpus, random, signal), startupMs };
}

/** They are still where they started: `SideAffinity` brings both to `targetCpus`. */
async function startAtOnce(
  contenders: Contenders,
  targetCpus: readonly number[],
  asideCpus: readonly number[],
  random: () => number,
  signal: AbortSignal,
): Promise<Record<Side, RunningServer>> {
  const aside = sideByLot(random);
  const start = async (side: Side): Promise<RunningServer> => {
    const server = await contenders[side].start(side === aside ? asideCpus : targetCpus, signal);
    return server.cpus === null ? server : { ...server, cpus: targetCpus };
  };
  return both(start('base'), start('head'));
}

/** One after the other: which one begins is drawn by lot, for the later one finds a warmer machine. */
async function startInTurn(
  contenders: Contenders,
  cpus: readonly number[],
  random: () => number,
  signal: AbortSignal,
): Promise<Record<Side, RunningServer>> {
  const first = sideByLot(random);
  const one = contenders[first].start(cpus, signal);
  const other = one.then(() => contenders[otherSide(first)].start(cpus, signal));
  return first === 'base' ? both(one, other) : both(other, one);
}

/** Where one does not start, the other is stopped. */
async function both(
  base: Promise<RunningServer>,
  head: Promise<RunningServer>,
): Promise<Record<Side, RunningServer>> {
  const [one, other] = await Promise.allSettled([base, head]);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') {
    return { base: one.value, head: other.value };
  }
  for (const side of [one, other]) if (side.status === 'fulfilled') await side.value.stop();
  return { base: await base, head: await head };
}

/**
 * Starts both sides by turns, alone and without load, as often as there is time for: a single
 * start-up time swings by a tenth. The median of each.
 */
async function measureStartUps(
  contenders: Contenders,
  cpus: readonly number[],
  random: () => number,
  signal: AbortSignal,
): Promise<Started['startupMs']> {
  if (!contenders.base.fresh || !contenders.head.fresh) return unknown;
  const times: Record<Side, number[]> = { base: [], head: [] };
  const began = performance.now();
  for (let block = 0; block < mostBlocks; block++) {
    for (const side of sliceOrder(1, random)) {
      signal.throwIfAborted();
      const server = await contenders[side].start(cpus, signal);
      await server.stop();
      if (server.startupMs !== null) times[side].push(server.startupMs);
      const both = times.base.length === times.head.length;
      if (performance.now() - began > 2 * slowMs && both) break;
    }
    if (performance.now() - began > startsMs) break;
  }
  return { base: median(times.base), head: median(times.head) };
}
