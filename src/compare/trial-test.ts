import { borrowVariances } from '../stats/borrowed-variance.js';
import { logSample, type LogSample } from '../stats/log-sample.js';
import { median } from '../stats/sample.js';
import { meanRatio, welchProbability } from '../stats/welch.js';
import type { Bar } from './bar.js';
import type { Contestant, Pair } from './contestant.js';
import { level, type TestedPair } from './tested-pair.js';

/**
 * Tests pairs by their trials: Welch's test of the logarithms, where each target's variance borrows
 * from those of all others that the pairs name. Left out are pairs of which one has a single trial, or
 * a figure that is not positive: of their noise nothing is known. Not even what is borrowed helps
 * there, since a target often has one trial left because it is not like the others.
 */
export function testTrials(pairs: readonly Pair[], bar: Bar): TestedPair[] {
  const samples = new Map<Contestant, LogSample>();
  for (const contestant of pairs.flat()) {
    const sample = logSample(contestant.values);
    if (sample !== null) samples.set(contestant, sample);
  }
  const testable = pairs.filter((pair) => pair.every((it) => samples.has(it)));
  const asked = descending(testable.length).map((divisor) => ({
    divisor,
    samples: borrowed(samples, divisor, bar),
  }));
  return testable.map((pair) => testPair(pair, asked));
}

/** What is known of each at a level of 5 % / divisor. */
interface Asked {
  readonly divisor: number;
  readonly samples: ReadonlyMap<Contestant, LogSample>;
}

/**
 * At a smaller divisor less is borrowed, so a pair can, rarely, be told apart at a larger one alone.
 * That counts: Holm's procedure takes no proof back.
 */
function testPair(pair: Pair, asked: readonly Asked[]): TestedPair {
  const [a, b] = pair;
  const strictest = asked.find(
    ({ divisor, samples }) => welchProbability(samples.get(a)!, samples.get(b)!) <= level / divisor,
  );
  const { samples } = strictest ?? asked[0]!;
  return {
    pair,
    ratio: meanRatio(samples.get(a)!, samples.get(b)!),
    difference: median(a.values) - median(b.values),
    bearsDivisor: strictest?.divisor ?? 0,
  };
}

function borrowed(
  samples: ReadonlyMap<Contestant, LogSample>,
  divisor: number,
  bar: Bar,
): Map<Contestant, LogSample> {
  const varied = borrowVariances([...samples.values()], divisor);
  return new Map(
    [...samples.keys()].map((contestant, place) => {
      const sample = varied[place]!;
      return [
        contestant,
        { ...sample, variance: Math.max(sample.variance, leastVariance(sample, bar)) },
      ];
    }),
  );
}

/**
 * Of the logarithm of one trial's figure. Readings in steps that are equal do not prove that the figure
 * was: within a step it is anywhere, which is a variance of a twelfth of the step's square. Nor does a
 * target that differs from itself by the noise floor have less noise than that.
 */
function leastVariance({ mean }: LogSample, { resolution, noiseFloor }: Bar): number {
  const step = resolution / Math.exp(mean);
  return Math.max(step ** 2 / 12, noiseFloor?.trialVariance ?? 0);
}

/** count, count - 1, … 1. */
function descending(count: number): number[] {
  return Array.from({ length: count }, (_, place) => count - place);
}
