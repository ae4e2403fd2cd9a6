/**
 * Which of several hypotheses are rejected so that the probability of rejecting even one true one is
 * at most the level, however the tests depend on each other: of m, the first at a share 1 / m of the
 * level, the next at 1 / (m - 1), and so on, until none is (Holm, "A simple sequentially rejective
 * multiple test procedure", Scandinavian Journal of Statistics 6, 1979). `rejects` tests one at the
 * level over its second argument, and must not reject what it keeps at a smaller divisor. The result
 * holds the divisor that each rejected hypothesis was rejected at.
 */
export function holm<T>(
  hypotheses: readonly T[],
  rejects: (hypothesis: T, divisor: number) => boolean,
): ReadonlyMap<T, number> {
  const rejected = new Map<T, number>();
  for (;;) {
    const divisor = hypotheses.length - rejected.size;
    const next = hypotheses.find((it) => !rejected.has(it) && rejects(it, divisor));
    if (next === undefined) return rejected;
    rejected.set(next, divisor);
  }
}
