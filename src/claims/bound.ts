import type { boundKinds } from '../results/claims.js';

/** A side on which a figure has to be; `amount` is in its unit, or dimensionless for a ratio. */
export interface Bound {
  readonly kind: (typeof boundKinds)[number];
  readonly amount: number;
}

/** All that the truth may be, as far as is known. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `met`: all of the interval is on the right side; `not-met`: none of it; `open`: it is on both. */
export function standing({ low, high }: Interval, bound: Bound): 'met' | 'not-met' | 'open' {
  const right = (value: number): boolean => isOnSide(value, bound);
  if (right(low) && right(high)) return 'met';
  return right(low) || right(high) ? 'open' : 'not-met';
}

function isOnSide(value: number, { kind, amount }: Bound): boolean {
  switch (kind) {
    case 'below':
      return value < amount;
    case 'atMost':
      return value <= amount;
    case 'above':
      return value > amount;
    case 'atLeast':
      return value >= amount;
  }
}
