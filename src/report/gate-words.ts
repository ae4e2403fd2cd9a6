import { amountOf, metrics } from '../gate/metric.js';
import type { GateMetric, GateResult } from '../results/gate.js';
import { diffHeadline, diffWordsOf } from './diff-words.js';
import { intervalOf, knownMetric, metricLabel, percentChange } from './metric-words.js';

/** The words that all of a gate's reports share. */

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
export function wordsOf(metric: GateMetric, purpose: GateResult['purpose']): string {
  if (purpose === 'diff') return diffWordsOf(metric);
  const { verdict, reason, needed } = metric;
  if (isUnproven(metric)) {
    return `pass, not proven: more than ${worstOf(metric)} could not have hidden`;
  }
  if (verdict === 'invalid') return `invalid: ${reason ?? 'not measured'}`;
  if (verdict !== 'inconclusive' || needed === null) return verdict;
  return `inconclusive; some ${needed.pairsPerSet} pairs would tell (${budgetOf(needed.seconds)})`;
}

/** What kept it from a decision, and what would help. */
function whyInconclusive({ metrics, reasons, pairs, method, unit }: GateResult): string {
  if (metrics.length === 0) return `${reasons.join('; ')}. Give it more time: --budget.`;
  const open = metrics.filter(({ verdict }) => verdict === 'inconclusive');
  const changes = (of: readonly GateMetric[]): string =>
    of
      .map(({ name, ratio }) => `${metricLabel(name, unit)} ${percentChange(ratio ?? 1)}`)
      .join(', ');
  const few = open.filter((metric) => intervalOf(metric) === null);
  const suspected = open.filter((metric) => metric.suspected);
  const others = open.filter((metric) => !few.includes(metric) && !suspected.includes(metric));
  const valid = pairs.filter((pair) => pair.valid).length;
  const measured = `${valid} ${valid === 1 ? 'pair' : 'pairs'}`;
  const why = [
    suspected.length === 0
      ? ''
      : `${changes(suspected)} looked worse, and there was no time to confirm or refute it`,
    few.length === 0
      ? ''
      : `${few.map(({ name }) => metricLabel(name, unit)).join(', ')}: ${measured} in the time there was ${valid === 1 ? 'is' : 'are'} too few to tell anything`,
    others.length === 0 ? '' : `${changes(others)} cannot be told from what is allowed`,
  ].filter((part) => part !== '');
  return `${why.join('; ')}.${method === 'stored' ? '' : ` ${whatHelps(open)}`}`;
}

function whatHelps(open: readonly GateMetric[]): string {
  const seconds = open.map(({ needed }) => needed?.seconds ?? Infinity);
  const most = Math.max(...seconds);
  if (most < Infinity) return `Some ${budgetOf(most)} would tell.`;
  return 'Processes of one build differ by too much here for any usual budget: allow more (--allow), or keep the machine quieter.';
}

/** One sentence on top, or two. */
export function gateHeadline(result: GateResult): string {
  const { verdict, metrics, complete, base, head, method, unit } = result;
  const named = (of: GateMetric['verdict']): string =>
    metrics
      .filter((metric) => metric.verdict === of)
      .map(
        ({ name, ratio }) =>
          `${metricLabel(name, unit)} ${ratio === null ? '' : percentChange(ratio)}`,
      )
      .join(', ');
  const stored = method === 'stored';
  const unproven = metrics.filter(isUnproven);
  const worst = unproven.map((metric) => `${worstOf(metric)} of ${metricLabel(metric.name, unit)}`);
  const hidden = worst.length === 0 ? '' : ` More than ${worst.join(', ')} could not have hidden.`;
  const cut = complete ? '' : ' (interrupted)';
  const running = base.fresh && head.fresh ? '' : ' The servers ran already: no fresh processes.';
  const weaker = stored ? ` ${weakerMethod}` : running;
  if (result.purpose === 'diff' && verdict !== 'no-baseline') {
    return `${diffHeadline(result)}.${weaker}`;
  }
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
      return `INCONCLUSIVE${cut}: ${whyInconclusive(result)}${weaker}`;
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
  return `${valid} ${valid === 1 ? 'pair' : 'pairs'} of fresh processes in ${seconds}, ${load.slicesPerSide} slices of ${load.sliceSeconds * 1000} ms each; ${load.connections} connections, latency at ${Math.round(load.ratePerSecond).toLocaleString('en-US')}/s`;
}

function budgetOf(seconds: number): string {
  return `--budget ${Math.max(1, Math.ceil((seconds * 1.2) / 60))}m`;
}
