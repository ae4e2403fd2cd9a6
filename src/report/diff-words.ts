import { metrics } from '../gate/metric.js';
import type { GateMetric, GateResult } from '../results/gate.js';
import { knownMetric, metricLabel, percentChange } from './metric-words.js';

/** What c1m diff says of one metric: its interval against no change, whatever a gate would allow. */
type Difference = 'worse' | 'better' | 'no difference shown' | 'too few pairs to tell';

const nothingShown = 'no difference shown';

function differenceOf({ name, low, high }: GateMetric): Difference {
  if (low === null || high === null) return 'too few pairs to tell';
  if (low <= 1 && high >= 1) return nothingShown;
  const known = knownMetric(name);
  const higherIsWorse = known === undefined || metrics[known].better === 'lower';
  return low > 1 === higherIsWorse ? 'worse' : 'better';
}

export function diffWordsOf(metric: GateMetric): string {
  if (metric.verdict === 'invalid') return `invalid: ${metric.reason ?? 'not measured'}`;
  return differenceOf(metric);
}

/** One sentence on top, without its end. */
export function diffHeadline({
  metrics: all,
  verdict,
  reasons,
  complete,
  unit,
}: GateResult): string {
  const cut = complete ? '' : ' (interrupted)';
  if (verdict === 'invalid') return `INVALID${cut}: too much of the measurement cannot be trusted`;
  if (all.length === 0) return `NOTHING MEASURED${cut}: ${reasons.join('; ')}`;
  const named = (of: Difference): string =>
    all
      .filter((metric) => metric.verdict !== 'invalid' && differenceOf(metric) === of)
      .map(({ name, ratio }) => `${metricLabel(name, unit)} ${percentChange(ratio!)}`)
      .join(', ');
  const told = (['worse', 'better'] as const)
    .map((of) => [of, named(of)] as const)
    .filter(([, which]) => which !== '')
    .map(([of, which]) => `${of}: ${which}`);
  if (told.length === 0) return `NO DIFFERENCE SHOWN${cut}`;
  return `DIFFERENT${cut}; ${told.join('; ')}`;
}
