import { ratioInterval } from '../stats/ratio-interval.js';
import { hodgesLehmann, walshAverages } from '../stats/hodges-lehmann.js';
import { signedRankCritical } from '../stats/signed-rank.js';
import { signedRankProbability } from '../stats/signed-rank-probability.js';
import type { Pair } from './contestant.js';
import { level, type TestedPair } from './tested-pair.js';

/** Tests pairs by their turns: Wilcoxon's signed-rank test of the differences turn by turn. */
export function testTurns(pairs: readonly Pair[]): TestedPair[] {
  return pairs.map((pair) => {
    const [a, b] = pair;
    const differences = a.values.map((value, turn) => value - b.values[turn]!);
    const ratios = a.values.map((value, turn) => value / b.values[turn]!);
    return {
      pair,
      ratio: ratioInterval(ratios, signedRankCritical(ratios.length, level / 2)),
      difference: hodgesLehmann(walshAverages(differences)),
      bearsDivisor: level / signedRankProbability(differences),
    };
  });
}
