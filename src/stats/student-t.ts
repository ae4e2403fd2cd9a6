/** 97.5 % quantiles of Student's t distribution for 1, 2 … 30 degrees of freedom. */
const quantiles = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157,
  2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024,
  2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523,
  2.042272,
];
const normalQuantile = 1.959963984540054;

/**
 * How many standard errors to either side hold 95 % of Student's t distribution; for a whole number
 * of degrees of freedom of at least 1. Beyond the table, the expansion of Abramowitz and Stegun
 * 26.7.5, whose error there is below 2e-6.
 */
export function studentT95(degreesOfFreedom: number): number {
  const tabulated = quantiles[degreesOfFreedom - 1];
  if (tabulated !== undefined) return tabulated;
  const z = normalQuantile;
  const n = degreesOfFreedom;
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3)
  );
}
