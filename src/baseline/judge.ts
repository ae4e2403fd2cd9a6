import { figures } from '../figures/table.js';
import { shareAllowed } from '../gate/allowance.js';
import { metrics, type Allowance, type MetricName } from '../gate/metric.js';
import { looksUnchanged, standing } from '../gate/standing.js';
import { gravestVerdict } from '../gate/verdict.js';
import type { GateMetric } from '../results/gate.js';
import type { TrialResult } from '../results/schema.js';
import { pooledRatio } from '../stats/pooled-ratio.js';
import { trialValues } from './trial-values.js';

const verdicts = {
  within: 'pass',
  better: 'improvement',
  worse: 'regression',
  open: 'inconclusive',
} as const satisfies Record<ReturnType<typeof standing>, GateMetric['verdict']>;

/**
 * One metric of a stored base and a head measured now; null where the base does not have it.
 * @param detectable what must not have hidden for a pass without proof; null: only proof passes
 */
export function judgeStored(
  metric: MetricName,
  allowance: Allowance,
  detectable: Allowance | null,
  base: readonly TrialResult[],
  head: readonly TrialResult[],
): GateMetric | null {
  const before = trialValues(metric, base);
  if (before.values.length === 0) return null;
  const now = trialValues(metric, head);
  const level = geometricMean(before.values);
  const allowed = shareAllowed(allowance, level);
  const detect = detectable === null ? null : shareAllowed(detectable, level);
  const { floor } = allowance;
  const about = {
    name: metric,
    allowed,
    floor,
    detect,
    level,
    proven: null,
    needed: null,
    suspected: false,
  };
  const nothing = { ratio: null, low: null, high: null };
  const missing = head.length - now.values.length;
  // A build that breaks the measurement must not pass on the trials that it happened not to break.
  if (now.values.length === 0 || missing * 3 > head.length) {
    const where = `${metrics[metric].label} is missing from ${missing} of ${head.length} trials`;
    const reason = [where, ...now.reasons.slice(0, 1)].join('; ');
    return { ...about, ...nothing, verdict: 'invalid', reason };
  }
  const found = pooledRatio(before.values, now.values, figures.get(metric)?.resolution ?? 0);
  if (found === null) return { ...about, ...nothing, verdict: 'inconclusive', reason: null };
  const seen = { ...about, ...found, reason: null };
  const verdict = verdicts[standing(metric, allowed, found)];
  if (verdict === 'pass') return { ...seen, verdict, proven: true };
  const unchanged = detect !== null && looksUnchanged(metric, detect, found);
  if (verdict === 'inconclusive' && unchanged) return { ...seen, verdict: 'pass', proven: false };
  return { ...seen, verdict };
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The gravest of any metric, as in the duet; of none at all, invalid. */
export function gravest(judged: readonly GateMetric[]): GateMetric['verdict'] {
  return judged.length === 0 ? 'invalid' : gravestVerdict(judged.map(({ verdict }) => verdict));
}
