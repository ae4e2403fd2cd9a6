import { incompleteBeta } from './incomplete-beta.js';

/**
 * The probability that Student's t is at least so far from zero, to either side; for any positive
 * number of degrees of freedom (Abramowitz and Stegun 26.7.1). R: 2 * pt(-abs(t), df).
 */
export function studentTBeyond(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

const halvings = 200;

/** How many standard errors to either side hold 95 % of Student's t distribution. R: qt(0.975, df). */
export function studentT95(degreesOfFreedom: number): number {
  return studentTBound(degreesOfFreedom, 0.05);
}

/** What Student's t exceeds, to either side, with the probability `beyond`. R: qt(1 - beyond / 2, df). */
export function studentTBound(degreesOfFreedom: number, beyond: number): number {
  let low = 0;
  let high = 2;
  while (studentTBeyond(high, degreesOfFreedom) > beyond) high *= 2;
  for (let i = 0; i < halvings && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTBeyond(middle, degreesOfFreedom) > beyond) low = middle;
    else high = middle;
  }
  return high;
}
