import type { SampleDistribution } from '../results/wakeup.js';
import { quantile } from '../stats/sample.js';

/** Of at least one sample; exact, as all are kept. They may be below 0, which no HDR histogram holds. */
export function distributionOf(samples: readonly number[]): SampleDistribution {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    count: sorted.length,
    min: sorted[0]!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1)!,
  };
}
