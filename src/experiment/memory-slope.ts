import type { ServerFigures } from '../results/figures.js';

type BytesPerConnection = NonNullable<ServerFigures['bytesPerConnection']>;

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, from 1 (NIST handbook, 1.3.6.7.2). */
const studentT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * Bytes of RSS per connection: the slope of the least-squares line through at least three idle
 * holds, with its 95 % interval and R². null for fewer holds, or holds of equal size.
 */
export function memorySlope(holds: BytesPerConnection['holds']): BytesPerConnection | null {
  const n = holds.length;
  if (n < 3) return null;
  const meanX = holds.reduce((sum, hold) => sum + hold.connections, 0) / n;
  const meanY = holds.reduce((sum, hold) => sum + hold.rssBytes, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { connections, rssBytes } of holds) {
    xx += (connections - meanX) ** 2;
    xy += (connections - meanX) * (rssBytes - meanY);
    yy += (rssBytes - meanY) ** 2;
  }
  if (xx === 0) return null;
  const slope = xy / xx;
  const residual = Math.max(0, yy - slope * xy);
  const t = studentT[n - 3] ?? 2;
  const half = t * Math.sqrt(residual / (n - 2) / xx);
  return {
    slope,
    low: slope - half,
    high: slope + half,
    r2: yy === 0 ? 1 : 1 - residual / yy,
    holds,
  };
}
