import { amountOf, metricNames, metrics, type MetricName } from '../gate/metric.js';
import type { GateMetric, GateResult } from '../results/gate.js';

/** The words that all of a gate's reports share. */

export function metricLabel(name: string): string {
  const known = knownMetric(name);
  return known === undefined ? name : metrics[known].label;
}

/** A document may be of a c1m that knew others. */
function knownMetric(name: string): MetricName | undefined {
  return metricNames.find((metric) => metric === name);
}

/** 1.034 → "+3.4 %". */
export function percentChange(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) >= 10 ? 0 : 1;
  const text = Math.abs(percent).toFixed(digits);
  const sign = Number(text) === 0 ? '±' : percent < 0 ? '−' : '+';
  return `${sign}${text} %`;
}

/** "3 %", or "5.00 ms (48 %)" where the floor is more than the share. */
export function allowedOf({ name, allowed, floor, level }: GateMetric): string {
  const share = `${Number((allowed * 100).toFixed(1))} %`;
  const known = knownMetric(name);
  const byFloor = floor !== null && level !== null && Math.abs(floor / level / allowed - 1) < 1e-9;
  return known !== undefined && byFloor ? `${amountOf(known, floor)} (${share})` : share;
}

/** Whether it is a pass, but only not worse as far as could be told. */
export function isUnproven({ verdict, proven }: GateMetric): boolean {
  return verdict === 'pass' && proven === false;
}

/** "−5.6 %": the end of the interval on the worse side. */
function worstOf({ name, low, high }: GateMetric): string {
  const known = knownMetric(name);
  const worst = known !== undefined && metrics[known].better === 'higher' ? low : high;
  return worst === null ? 'an unknown change' : percentChange(worst);
}

/** What is said of one metric beside its figures. */
export function wordsOf(metric: GateMetric): string {
  const { verdict, reason, needed } = metric;
  if (isUnproven(metric)) {
    return `pass, not proven: more than ${worstOf(metric)} could not have hidden`;
  }
  if (verdict === 'invalid') return `invalid: ${reason ?? 'not measured'}`;
  if (verdict !== 'inconclusive' || needed === null) return verdict;
  return `inconclusive; some ${needed.pairsPerSet} pairs would tell (${budgetOf(needed.seconds)})`;
}

/** One sentence on top, or two. */
export function gateHeadline(result: GateResult): string {
  const { verdict, metrics, complete, base, head, method } = result;
  const named = (of: GateMetric['verdict']): string =>
    metrics
      .filter((metric) => metric.verdict === of)
      .map(
        ({ name, ratio }) => `${metricLabel(name)} ${ratio === null ? '' : percentChange(ratio)}`,
      )
      .join(', ');
  const stored = method === 'stored';
  const unproven = metrics.filter(isUnproven);
  const worst = unproven.map((metric) => `${worstOf(metric)} of ${metricLabel(metric.name)}`);
  const hidden = worst.length === 0 ? '' : ` More than ${worst.join(', ')} could not have hidden.`;
  const cut = complete ? '' : ' (interrupted)';
  const running = base.fresh && head.fresh ? '' : ' The servers ran already: no fresh processes.';
  const weaker = stored ? ` ${weakerMethod}` : running;
  switch (verdict) {
    case 'pass':
      return unproven.length === 0
        ? `PASS${cut}: every metric is within its allowed change.${weaker}`
        : `PASS${cut}, as far as ${stored ? 'these trials' : 'this budget'} can tell: nothing is shown to be worse, but not every metric is proven to be within its allowed change.${hidden}${weaker}`;
    case 'improvement':
      return `PASS${cut}, with an improvement: ${named('improvement')}.${hidden}${weaker}`;
    case 'regression':
      return `REGRESSION${cut}: ${named('regression')}${stored ? '' : ', confirmed by a second set of pairs'}.${weaker}`;
    case 'inconclusive':
      return `INCONCLUSIVE${cut}: ${named('inconclusive')} cannot be told from what is allowed.${weaker}`;
    case 'invalid':
      return `INVALID${cut}: too much of the measurement cannot be trusted.${weaker}`;
    case 'no-baseline':
      return `NO BASELINE: there is no stored result to compare with. Measure one: c1m compare --trials 5 -o results TARGET`;
  }
}

const weakerMethod =
  'Against a stored result, the weaker method: what happened to the machine in between is part of the difference.';

/** How it was measured, in small print. */
export function gateMethod({ method, baseline, pairs, load, durationSeconds }: GateResult): string {
  const seconds = `${durationSeconds.toFixed(0)} s`;
  if (method === 'stored' || load === null) {
    if (baseline === null) return 'nothing was measured';
    const { trials, startedAt } = baseline;
    return `weaker method: ${trials.head} trials now, in ${seconds}, against ${trials.base} stored ${trials.base === 1 ? 'one' : 'ones'} of ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  }
  const valid = pairs.filter((pair) => pair.valid).length;
  return `${valid} pairs of fresh processes in ${seconds}, ${load.slicesPerSide} slices of ${load.sliceSeconds * 1000} ms each; ${load.connections} connections, latency at ${Math.round(load.ratePerSecond).toLocaleString('en-US')}/s`;
}

function budgetOf(seconds: number): string {
  return `--budget ${Math.max(1, Math.ceil((seconds * 1.2) / 60))}m`;
}
