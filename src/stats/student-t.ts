import { incompleteBeta } from './incomplete-beta.js';

/**
 * The probability that Student's t is at least so far from zero, to either side; for any positive
 * number of degrees of freedom (Abramowitz and Stegun 26.7.1). R: 2 * pt(-abs(t), df).
 */
export function studentTBeyond(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

const mostSteps = 100;

/** How many standard errors to either side hold 95 % of Student's t distribution. R: qt(0.975, df). */
export function studentT95(degreesOfFreedom: number): number {
  return studentTBound(degreesOfFreedom, 0.05);
}

/** What Student's t exceeds, to either side, with the probability `beyond`. R: qt(1 - beyond / 2, df). */
export function studentTBound(degreesOfFreedom: number, beyond: number): number {
  const excess = (t: number): number => Math.log(studentTBeyond(t, degreesOfFreedom) / beyond);
  let [low, aboveLow] = [0, -Math.log(beyond)];
  let [high, aboveHigh] = [2, excess(2)];
  while (aboveHigh > 0) {
    [low, aboveLow] = [high, aboveHigh];
    high *= 2;
    aboveHigh = excess(high);
  }
  let lowMoved = false;
  // The Illinois method: secants, that weigh an end less which has stayed (Dowell and Jarratt, 1971).
  for (let step = 0; step < mostSteps && high - low > 1e-13 * high; step++) {
    const t = (low * aboveHigh - high * aboveLow) / (aboveHigh - aboveLow);
    const above = excess(t);
    if (Math.abs(above) < 1e-13) return t;
    if (above > 0) {
      if (step > 0 && lowMoved) aboveHigh /= 2;
      [low, aboveLow, lowMoved] = [t, above, true];
    } else {
      if (step > 0 && !lowMoved) aboveLow /= 2;
      [high, aboveHigh, lowMoved] = [t, above, false];
    }
  }
  return high;
}
