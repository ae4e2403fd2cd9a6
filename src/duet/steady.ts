import { median } from '../stats/sample.js';

/** Values at each end that are held against each other. */
const window = 3;

/**
 * Whether a figure has stopped drifting: the medians of its last three values and of the three before
 * lie within `tolerance` of each other. That it looks steady does not prove it (Barrett et al.,
 * "Virtual Machine Warmup Blows Hot and Cold", OOPSLA 2017); what drifts on drifts in both sides'
 * slices alike.
 * @param tolerance as a share
 */
export function isSteady(values: readonly number[], tolerance: number): boolean {
  if (values.length < 2 * window) return false;
  const late = median(values.slice(-window));
  const early = median(values.slice(-2 * window, -window));
  return Math.abs(late / early - 1) <= tolerance;
}
