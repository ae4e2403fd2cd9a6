/**
 * The means of all pairs of values, each value paired with itself too, ascending: n(n+1)/2 of them
 * (Walsh, "Some significance tests for the median which are valid under very general conditions",
 * Annals of Mathematical Statistics 20, 1949). As many of them exceed θ as the signed ranks of the
 * values less θ sum up to, which makes them the bridge from Wilcoxon's test to its interval.
 */
export function walshAverages(values: readonly number[]): Float64Array {
  const n = values.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[next++] = (values[i]! + values[j]!) / 2;
  }
  return averages.sort();
}

/**
 * Where the values lie: the median of their Walsh averages (Hodges and Lehmann, "Estimates of
 * location based on rank tests", Annals of Mathematical Statistics 34, 1963). As good as the mean
 * where the noise is normal (95.5 % of its efficiency), and little moved by a few wild values.
 */
export function hodgesLehmann(averages: Float64Array): number {
  const half = averages.length / 2;
  return (averages[Math.ceil(half) - 1]! + averages[Math.floor(half)]!) / 2;
}

/**
 * What Wilcoxon's test does not reject when it rejects sums of ranks of up to `critical`, from both
 * ends; in the unit of the values. Unbounded for a critical value of -1, which rejects nothing.
 */
export function signedRankInterval(
  averages: Float64Array,
  critical: number,
): { readonly low: number; readonly high: number } {
  if (critical < 0) return { low: -Infinity, high: Infinity };
  return { low: averages[critical]!, high: averages[averages.length - 1 - critical]! };
}
