import { metrics, type MetricName } from './metric.js';

/** Where an interval of head/base lies, as seen from the allowed change. */
type Standing = 'within' | 'better' | 'worse' | 'open';

/**
 * `worse`: wholly beyond the allowed change. `better`: wholly as far beyond it on the good side.
 * `within`: no part of it is beyond the allowed change for the worse. `open`: it holds both.
 * `allowed` is a share of the base: 0.03 allows 0.97 times the throughput, and 1.03 times the CPU.
 */
export function standing(
  metric: MetricName,
  allowed: number,
  interval: { readonly low: number; readonly high: number },
): Standing {
  const { low, high } = interval;
  if (metrics[metric].better === 'lower') {
    if (low > 1 + allowed) return 'worse';
    if (high < 1 - allowed) return 'better';
    return high <= 1 + allowed ? 'within' : 'open';
  }
  if (high < 1 - allowed) return 'worse';
  if (low > 1 + allowed) return 'better';
  return low >= 1 - allowed ? 'within' : 'open';
}

/**
 * Whether it is not worse as far as can be told: no change is compatible with the interval, and a change
 * of the share `detect` for the worse is not.
 */
export function looksUnchanged(
  metric: MetricName,
  detect: number,
  interval: { readonly low: number; readonly high: number },
): boolean {
  const { low, high } = interval;
  const excluded = metrics[metric].better === 'lower' ? high < 1 + detect : low > 1 - detect;
  return low <= 1 && high >= 1 && excluded;
}

/** head/base at the end of what is allowed. */
export function limitOf(metric: MetricName, allowed: number): number {
  return metrics[metric].better === 'lower' ? 1 + allowed : 1 - allowed;
}
