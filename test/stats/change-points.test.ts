import { describe, expect, it } from 'vitest';
import { Random } from '../../src/basis/random.js';
import { bestSplit, changePoints, changePointTest } from '../../src/stats/change-points.js';

/** The flow of the Nile at Aswan from 1871 on, in 10^8 m³: R's data set `Nile`. */
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
  799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701,
  916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862,
  698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812,
  742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906,
  901, 1170, 912, 746, 919, 718, 714, 740,
];

/** The level of Lake Huron from 1875 on, in feet: R's data set `LakeHuron`. */
const lakeHuron = [
  580.38, 581.86, 580.97, 580.8, 579.79, 580.39, 580.42, 580.82, 581.4, 581.32, 581.44, 581.68,
  581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67, 578.44, 578.24, 579.1, 579.09,
  579.35, 578.82, 579.32, 579.01, 579, 579.8, 579.83, 579.72, 579.89, 580.01, 579.37, 578.69,
  578.19, 578.67, 579.55, 578.92, 578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86,
  578.05, 577.79, 576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.9, 576.94, 576.24,
  576.84, 576.85, 576.9, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05, 579.26, 579.22,
  579.38, 579.1, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96, 579.61, 578.76, 578.18, 577.21,
  577.13, 579.1, 578.25, 577.91, 576.89, 575.96, 576.8, 577.68, 578.38, 578.52, 579.74, 579.31,
  579.89, 579.96,
];

describe('against the R package ecp 3.1.6 (R 4.2.2), whose indices begin at 1', () => {
  it.each([
    ['Nile', nile, 3, 29, 4916.59080768],
    ['Nile, at least 30 each', nile, 30, 31, 4204.08373015],
    ['LakeHuron', lakeHuron, 3, 17, 32.2076573639],
    ['LakeHuron, at least 30 each', lakeHuron, 30, 47, 27.4045015844],
  ])('the statistic of %s and its place are those of splitPoint', (_, values, shortest, at, q) => {
    const { index, statistic } = bestSplit(values, shortest);
    expect(index + 1).toBe(at);
    expect(statistic).toBeCloseTo(q, 6);
  });

  it('the Nile changes in 1899, with the least p there is, and never again', () => {
    // e.divisive(Nile, sig.lvl = .01, R = 999, min.size = 3): 29; p 0.001, then 0.307.
    expect(changePoints(nile)).toEqual([{ index: 28, p: 0.001 }]);
  });

  it('a series that drifts changes again and again: five times in Lake Huron', () => {
    // The same: 17, 49, 68, 83 and 95, found in this order; p 0.001 to 0.007, then 0.136.
    const found = changePoints(lakeHuron);
    expect(found.map(({ index }) => index + 1)).toEqual([17, 49, 68, 83, 95]);
    for (const { p } of found) expect(p).toBeLessThanOrEqual(changePointTest.level);
  });
});

/** Numbers of a normal distribution (Box and Muller). */
function normals(seed: number): () => number {
  const random = new Random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

describe('error rates', () => {
  /** How many of so many series have a change point. */
  function alarms(series: number, count: number, next: (index: number) => number): number {
    return Array.from({ length: series }, () =>
      changePoints(Array.from({ length: count }, (_, index) => next(index))),
    ).filter((found) => found.length > 0).length;
  }

  it.each([
    ['normal', (normal: () => number) => normal()],
    ['skewed', (normal: () => number) => Math.exp(normal())],
    ['of outliers', (normal: () => number) => normal() / Math.abs(normal())],
  ])('of series without a change, %s, at most one in a hundred has a change point', (_, draw) => {
    const normal = normals(1);
    // 600 × 1 % are 6; by chance more than 14 once in 700 times.
    for (const count of [10, 20]) {
      expect(alarms(600, count, () => draw(normal))).toBeLessThanOrEqual(14);
    }
  });

  it('a step of five standard deviations is seen in three new results among thirty', () => {
    const normal = normals(2);
    const seen = alarms(150, 30, (index) => normal() + (index < 27 ? 0 : 5));
    expect(seen / 150).toBeGreaterThan(0.9);
  });

  it('a step of two standard deviations is seen in the middle of thirty', () => {
    const normal = normals(3);
    const seen = alarms(150, 30, (index) => normal() + (index < 15 ? 0 : 2));
    expect(seen / 150).toBeGreaterThan(0.8);
  });
});

it('says the same each time, in any unit, and nothing of equal values or of nine', () => {
  expect(changePoints(nile)).toEqual(changePoints(nile));
  expect(changePoints(nile.map((flow) => flow * 1e6))).toEqual(changePoints(nile));
  expect(changePoints(Array.from({ length: 40 }, () => 7))).toEqual([]);
  expect(changePoints([1, 1, 1, 1, 9, 9, 9, 9, 9])).toEqual([]);
  expect(changePoints([])).toEqual([]);
});

it('a clean step of ten is seen, and a single outlier is not', () => {
  expect(changePoints([1, 2, 1, 2, 1, 9, 8, 9, 8, 9]).map(({ index }) => index)).toEqual([5]);
  expect(changePoints(Array.from({ length: 30 }, (_, i) => (i === 20 ? 900 : i % 3)))).toEqual([]);
});
