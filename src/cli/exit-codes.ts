/**
 * The exit codes of c1m. Scripts rely on them: a number never changes its meaning. What was found (3
 * to 6, 130) goes before what could not be written (1); and where a verdict was asked for, by c1m gate
 * or --fail-if, a file or standard output that is lost changes nothing. A reader that left never does.
 */
export const exitCodes = {
  success: 0,
  /**
   * Something failed that is not the user's wording: c1m, a target of a comparison (the rest is
   * measured), all that was to be measured, or the output that it was called for.
   */
  failure: 1,
  /** A flag or a file is wrong. */
  usage: 2,
  /** A gate found that head is worse than base, or a condition of --fail-if does not hold. */
  regression: 3,
  /** There is no stored result that a gate could compare with. */
  noBaseline: 4,
  /** A gate's budget was spent before it could tell. */
  inconclusive: 5,
  /** What was measured cannot be trusted; the result says why. */
  invalid: 6,
  interrupted: 130,
} as const;
