import { describe, expect, it } from 'vitest';
import { decide } from '../../src/gate/decision.js';
import type { Pair } from '../../src/gate/pair.js';
import { defaultPairsPerSet, type GatePlan } from '../../src/gate/plan.js';

const limit = { share: 0.03, floor: 0 };
const plan: GatePlan = {
  allowed: new Map([
    ['requestsPerSecond', limit],
    ['p50', limit],
  ]),
  detect: null,
  pairsPerSet: defaultPairsPerSet,
};
const withoutP50: Pair = { valid: true, ratios: { requestsPerSecond: 1 } };

describe('a gate whose budget ends after a pair or two', () => {
  it('is inconclusive, not invalid, where those pairs lack a metric', () => {
    expect(decide(plan, [withoutP50], { spent: true, secondsPerPair: 131 })).toMatchObject({
      kind: 'decided',
      gate: {
        verdict: 'inconclusive',
        metrics: [
          { metric: 'requestsPerSecond', verdict: 'inconclusive' },
          {
            ...{ metric: 'p50', verdict: 'inconclusive', interval: null },
            needed: { pairsPerSet: 7, seconds: 7 * 131 },
          },
        ],
      },
    });
  });

  it('is invalid where three pairs lack it', () => {
    const pairs = [withoutP50, withoutP50, withoutP50];
    expect(decide(plan, pairs, { spent: true, secondsPerPair: 131 })).toMatchObject({
      gate: { verdict: 'invalid', reasons: ['p50 is missing from 3 of 3 pairs'] },
    });
  });
});
