import { describe, expect, it } from 'vitest';
import { signedRankProbability } from '../../src/stats/signed-rank-probability.js';

/** SciPy 1.17.1, wilcoxon(differences, zero_method='wilcox', method=PermutationMethod(2**20)). */
const probabilities: [differences: number[], probability: number][] = [
  [[1, 2, 3, 4, 5, 6, 7], 0.015625],
  [[1, -2, 3, 4, -5, 6, 7, 8], 0.1484375],
  [[0.5, 0.5, -0.5, 1, 1.5, 0, 0, -1], 0.53125],
  [[1.02, 0, 0.51, 0.51, 1.54, -0.51, 1.02, 0.51, 0, 2.05], 0.0390625],
  [[1, -1, 2, -2], 1],
];

describe('Wilcoxon’s signed-rank test', () => {
  it.each(probabilities)('has SciPy’s probability of %j', (differences, probability) => {
    expect(signedRankProbability(differences)).toBeCloseTo(probability, 12);
    expect(signedRankProbability(differences.map((value) => -value))).toBeCloseTo(probability, 12);
  });

  it('tells nothing from what is equal throughout, or missing', () => {
    expect(signedRankProbability([0, 0, 0])).toBe(1);
    expect(signedRankProbability([])).toBe(1);
  });
});
