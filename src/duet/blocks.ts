import { median } from '../stats/sample.js';
import { neighbourRatios } from './pair-ratios.js';
import type { PairMeasurement } from './pair-measurement.js';

/** Of each pair, in blocks of four slices, closed and open, until it is known what slices are worth. */
export const fewestBlocks = 5;
const mostBlocks = 40;

/**
 * By how much the ratios of pairs of one build differ where slices are exact, which no first pair can
 * show: the standard deviation over processes of a Node server, of a quiet machine (docs/gate.md).
 */
const betweenPairs = 0.012;
/** The variance of a median, in proportion to that of a mean (of normal values: π / 2). */
const medianOverMean = Math.PI / 2;
/** From a median absolute deviation to the standard deviation of normal values. */
const normalPerMad = 1.4826;
const neighboursPerBlock = 2;
/** However little time there is, more slices are worth it where they are a small part of a pair. */
const leastShare = 0.5;

/** What a first pair took. */
interface Costs {
  readonly pairSeconds: number;
  /** Of them, those of the slices. */
  readonly sliceSeconds: number;
  /** How long a pair may be, so that there are enough of them. */
  readonly secondsPerPair: number;
}

/** How many blocks of slices all further pairs have, and how long such a pair takes. */
interface Blocks {
  readonly blocks: number;
  readonly pairSeconds: number;
}

/**
 * Where a server's slices are noisy, or its start and warm-up are dear, more of them are worth their
 * time; where processes differ more than slices do, more pairs are. The number for which the variance
 * of the whole is least is the root of cost ratio times variance ratio (two-stage sampling: Kalibera
 * and Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013, § 6).
 */
export function blocksAfter(first: PairMeasurement, costs: Costs): Blocks {
  const { pairSeconds, sliceSeconds, secondsPerPair } = costs;
  const perBlock = sliceSeconds / fewestBlocks;
  const rest = pairSeconds - sliceSeconds;
  const noise = noiseOf(first);
  if (noise === null || perBlock === 0) return { blocks: fewestBlocks, pairSeconds };
  const within = (medianOverMean * noise ** 2) / neighboursPerBlock;
  const best = Math.sqrt((rest / perBlock) * (within / betweenPairs ** 2));
  const room = Math.max(secondsPerPair - rest, leastShare * rest) / perBlock;
  const blocks = Math.max(fewestBlocks, Math.floor(Math.min(best, room, mostBlocks)));
  return { blocks, pairSeconds: rest + blocks * perBlock };
}

/** The standard deviation of the neighbours' ratios, of the figure that has the most of it. */
function noiseOf({ closed, open }: PairMeasurement): number | null {
  const found = [
    neighbourRatios(closed, (slice) => slice.requestsPerSecond),
    neighbourRatios(closed, (slice) => slice.cpuUsPerRequest),
    neighbourRatios(open, (slice) => slice.p50),
  ].flatMap((ratios) => {
    const logs = ratios.map((ratio) => Math.log(ratio)).filter(Number.isFinite);
    return logs.length === 0 ? [] : [spread(logs)];
  });
  return found.length === 0 ? null : Math.max(...found);
}

/** Of normal values the standard deviation, and not moved by a wild one. */
function spread(values: readonly number[]): number {
  const middle = median(values);
  return normalPerMad * median(values.map((value) => Math.abs(value - middle)));
}
