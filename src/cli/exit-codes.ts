/** The exit codes of c1m. Scripts rely on them: a number never changes its meaning. */
export const exitCodes = {
  success: 0,
  /**
   * Something failed that is not the user's wording: c1m, a target of a comparison (the rest is
   * measured), or all that was to be measured.
   */
  failure: 1,
  /** A flag or a file is wrong. */
  usage: 2,
  /** What was measured cannot be trusted; the result says why. */
  invalid: 6,
  interrupted: 130,
} as const;
