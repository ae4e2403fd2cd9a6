import type { GateVerdict, MetricVerdict } from '../gate/verdict.js';
import type { GateMetric, GateResult } from '../results/gate.js';

/**
 * The verdict as a result keeps it: JSON has no infinity.
 * @param alike both answer the same: who answers less is no improvement for being faster
 */
export function judged(
  gate: GateVerdict,
  alike: boolean,
): Pick<GateResult, 'verdict' | 'reasons' | 'metrics'> {
  if (gate.verdict === 'no-baseline') throw new Error('A duel has a base');
  const metrics = gate.metrics.map(metric);
  return {
    verdict: alike ? gate.verdict : noBetter(gate.verdict),
    reasons: 'reasons' in gate ? [...gate.reasons] : [],
    metrics: alike ? metrics : metrics.map(noBetterMetric),
  };
}

function noBetter<V extends GateResult['verdict']>(verdict: V): V | 'pass' {
  return verdict === 'improvement' ? 'pass' : verdict;
}

function noBetterMetric(of: GateMetric): GateMetric {
  return of.verdict === 'improvement' ? { ...of, verdict: 'pass', proven: true } : of;
}

function metric(of: MetricVerdict): GateMetric {
  const { metric: name, verdict } = of;
  const { allowed, floor, detect, level } = of;
  const judgedBy = { name, allowed, floor, detect, level };
  if (verdict === 'invalid') {
    const nothing = {
      suspected: false,
      ratio: null,
      low: null,
      high: null,
      proven: null,
      needed: null,
    };
    return { ...judgedBy, verdict, reason: of.reason, ...nothing };
  }
  const { ratio, low, high } = of.interval ?? { ratio: null, low: 0, high: Infinity };
  return {
    ...judgedBy,
    verdict,
    proven: verdict === 'pass' ? of.proven : null,
    ratio,
    low: low > 0 ? low : null,
    high: Number.isFinite(high) ? high : null,
    reason: null,
    suspected: verdict === 'inconclusive' && of.suspicion !== null,
    needed: verdict === 'inconclusive' && of.needed !== null ? { ...of.needed } : null,
  };
}
