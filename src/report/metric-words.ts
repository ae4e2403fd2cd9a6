import { inUnit } from '../figures/unit-words.js';
import { metricNames, metrics, type MetricName } from '../gate/metric.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { GateMetric } from '../results/gate.js';

export function metricLabel(name: string, unit: ExchangeUnit): string {
  const known = knownMetric(name);
  return known === undefined ? name : inUnit(metrics[known].label, unit);
}

/** undefined: a document may be of a c1m that knew others. */
export function knownMetric(name: string): MetricName | undefined {
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

/** "−2.0 % to +3.1 %"; null where there were too few pairs for one, or nothing was measured. */
export function intervalOf({ low, high }: GateMetric): string | null {
  return low === null || high === null ? null : `${percentChange(low)} to ${percentChange(high)}`;
}
