/**
 * The regularized incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1 and positive a and b: by its
 * continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), evaluated forwards
 * (Lentz, "Generating Bessel functions in Mie scattering calculations using continued fractions",
 * Applied Optics 15, 1976). To about 1e-13.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean only; the other is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b),
  );
  return front / (a * fraction(x, a, b));
}

const mostTerms = 500;
const tiny = 1e-300;

/** 1 + d₁/(1 + d₂/(1 + …)). */
function fraction(x: number, a: number, b: number): number {
  let value = 1;
  let numerators = 1;
  let denominators = 0;
  for (let term = 1; term <= mostTerms; term++) {
    const m = Math.floor(term / 2);
    const d =
      term % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominators = 1 / (1 + d * denominators || tiny);
    numerators = 1 + d / numerators || tiny;
    const factor = numerators * denominators;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return value;
}

/** ln Γ(x) of a positive x: Stirling's series (DLMF 5.11.1), far enough out for six terms. */
export function logGamma(x: number): number {
  let shift = 0;
  let far = x;
  for (; far < 15; far++) shift += Math.log(far);
  const inverse = 1 / far;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return (far - 0.5) * Math.log(far) - far + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
