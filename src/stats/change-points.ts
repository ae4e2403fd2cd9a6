import { Random } from '../basis/random.js';

/** Where a series moved to another level or spread, and the chance of it without a change. */
interface ChangePoint {
  /** Of the first value that is new. */
  readonly index: number;
  /** Of the permutation test, at least 1 / (permutations + 1). */
  readonly p: number;
}

/** As docs/measuring.md states them. */
export const changePointTest = {
  /** Of a series without a change: how often one is seen in it, at the most. */
  level: 0.01,
  permutations: 999,
  /** Fewest values on either side: one or two by themselves are outliers, not a change. */
  shortest: 3,
  /** With nine, even a clean step has p > 1 %: 2 of the 126 ways to choose four of them show it. */
  fewestValues: 10,
} as const;

const seed = 20_140_401;

/**
 * Change points of a series in time, ascending: hierarchical division by the energy statistic with
 * exponent 1, and a permutation test within the parts that were found before (E-divisive; Matteson
 * and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data",
 * JASA 109, 2014). It asks for no distribution; the same series always gives the same answer.
 */
export function changePoints(values: readonly number[]): ChangePoint[] {
  if (values.length < changePointTest.fewestValues) return [];
  const random = new Random(seed);
  const found: ChangePoint[] = [];
  for (;;) {
    const edges = [0, ...found.map(({ index }) => index), values.length];
    const parts = edges.slice(1).map((end, i) => values.slice(edges[i], end));
    const splits = parts.map((part) => bestSplit(part, changePointTest.shortest));
    const largest = Math.max(...splits.map(({ statistic }) => statistic));
    if (!(largest > 0)) return found;
    const p = permutationTest(parts, largest, random);
    if (p === null) return found;
    const where = splits.findIndex(({ statistic }) => statistic === largest);
    found.push({ index: edges[where]! + splits[where]!.index, p });
    found.sort((a, b) => a.index - b.index);
  }
}

/** null where it is above the level, which is known before all permutations were tried. */
function permutationTest(
  parts: readonly (readonly number[])[],
  observed: number,
  random: Random,
): number | null {
  const { level, permutations, shortest } = changePointTest;
  // Equal orders must not differ by the rounding of their sums.
  const asLarge = observed * (1 - 1e-9);
  const shuffled = parts.map((part) => [...part]);
  let count = 1;
  for (let round = 0; round < permutations; round++) {
    for (const part of shuffled) shuffle(part, random);
    if (shuffled.some((part) => bestSplit(part, shortest).statistic >= asLarge)) count++;
    if (count > level * (permutations + 1)) return null;
  }
  return count / (permutations + 1);
}

/** Fisher and Yates. */
function shuffle(values: number[], random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [values[last], values[other]] = [values[other]!, values[last]!];
  }
}

/**
 * The division of a series at which the scaled energy distance between what is before `index` and a
 * stretch from there on is largest, over all lengths of that stretch (equations 5 to 7 of the paper).
 * The statistic is 0 where there is none. O(n²).
 */
export function bestSplit(
  values: readonly number[],
  shortest: number,
): { index: number; statistic: number } {
  // Of the pairwise distances, the sums within [start, end) for each start, and within [0, end).
  const within = new Float64Array(values.length);
  const head = new Float64Array(values.length + 1);
  let [index, statistic] = [0, 0];
  for (let last = 0; last < values.length; last++) {
    let distances = 0;
    for (let start = last - 1; start >= 0; start--) {
      distances += Math.abs(values[start]! - values[last]!);
      within[start]! += distances;
    }
    const end = last + 1;
    head[end] = within[0]!;
    for (let split = shortest; split <= end - shortest; split++) {
      const [before, after] = [split, end - split];
      const [inFirst, inSecond] = [head[split]!, within[split]!];
      const between = head[end] - inFirst - inSecond;
      const energy =
        (2 * between) / (before * after) - inFirst / pairs(before) - inSecond / pairs(after);
      const scaled = (energy * before * after) / end;
      if (scaled > statistic) [index, statistic] = [split, scaled];
    }
  }
  return { index, statistic };
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
