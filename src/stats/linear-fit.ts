import { studentT95 } from './student-t.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** y = intercept + slope · x, by ordinary least squares. Units are those of the points. */
interface LinearFit {
  readonly slope: number;
  readonly intercept: number;
  /** The share of the variance of y that the line explains: 1 if all points lie on it. */
  readonly r2: number;
  readonly slopeStandardError: number;
  /** 95 % confidence interval of the slope, if the errors of y are independent and normal. */
  readonly slopeLow: number;
  readonly slopeHigh: number;
}

/** null for fewer than three points (nothing would be left to judge the fit by) or all at one x. */
export function fitLine(points: readonly Point[]): LinearFit | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  // Around the means: the sums of squares of raw values would cancel most of their digits.
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (const { x, y } of points) {
    sxx += (x - meanX) ** 2;
    sxy += (x - meanX) * (y - meanY);
    syy += (y - meanY) ** 2;
  }
  if (sxx === 0) return null;
  const slope = sxy / sxx;
  const intercept = meanY - slope * meanX;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0);
  const slopeStandardError = Math.sqrt(residuals / (n - 2) / sxx);
  const margin = studentT95(n - 2) * slopeStandardError;
  return {
    slope,
    intercept,
    r2: syy === 0 ? 1 : 1 - residuals / syy,
    slopeStandardError,
    slopeLow: slope - margin,
    slopeHigh: slope + margin,
  };
}
