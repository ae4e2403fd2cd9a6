import { median } from '../stats/sample.js';

/** Values at each end that are held against each other. */
const window = 3;

/**
 * Whether the cost of a request has stopped falling, as it does while a runtime warms up: the median
 * of its last three values lies no more than `tolerance` below that of the three before. That it
 * looks steady does not prove it (Barrett et al., "Virtual Machine Warmup Blows Hot and Cold", OOPSLA
 * 2017); what drifts on drifts in both sides' slices alike. A cost that rises is a machine's doing, and
 * not waited for.
 * @param tolerance as a share
 */
export function hasStoppedFalling(costs: readonly number[], tolerance: number): boolean {
  if (costs.length < 2 * window) return false;
  const late = median(costs.slice(-window));
  const early = median(costs.slice(-2 * window, -window));
  return late >= early * (1 - tolerance);
}
