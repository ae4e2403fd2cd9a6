import type { GateMetric, GateResult } from '../results/gate.js';
import { allowedOf, gateHeadline, wordsOf } from './gate-words.js';
import { intervalOf, metricLabel, percentChange } from './metric-words.js';
import { junitXml, type JunitCase } from './junit.js';

/** A test case for each metric. */
export function gateJunit(result: GateResult): string {
  const { metrics, durationSeconds, startedAt } = result;
  return junitXml([
    {
      name: 'c1m gate',
      seconds: durationSeconds,
      startedAt,
      cases: [...metrics.map((metric) => testCase(metric, result)), ...missingBaseline(result)],
      output: gateHeadline(result),
    },
  ]);
}

/** A suite without a test would pass for one that found nothing. */
function missingBaseline({ verdict, reasons }: GateResult): JunitCase[] {
  if (verdict !== 'no-baseline') return [];
  const message = `no baseline: ${reasons.join('; ')}`;
  return [{ classname: 'c1m.gate', name: 'baseline', outcome: 'error', message, output: '' }];
}

function testCase(
  metric: GateMetric,
  { purpose, unit }: Pick<GateResult, 'purpose' | 'unit'>,
): JunitCase {
  const { name, ratio, verdict } = metric;
  const interval = intervalOf(metric) ?? 'too few pairs for an interval';
  const figures =
    ratio === null
      ? 'not measured'
      : `${percentChange(ratio)} (${interval})${purpose === 'gate' ? `, allowed ${allowedOf(metric)}` : ''}`;
  const said = `${wordsOf(metric, purpose)}: ${figures}`;
  const common = { classname: 'c1m.gate', name: metricLabel(name, unit) };
  switch (verdict) {
    case 'pass':
    case 'improvement':
      return { ...common, outcome: 'pass', output: said };
    case 'regression':
      return { ...common, outcome: 'failure', message: said, output: '' };
    case 'invalid':
      return { ...common, outcome: 'error', message: said, output: '' };
    case 'inconclusive':
      return { ...common, outcome: 'skipped', message: said, output: '' };
  }
}
