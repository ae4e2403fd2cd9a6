/**
 * How much of an error probability may be used up once `n` of at most `horizon` values are in: as
 * much of it as there is of the data. It is fixed before the first value, depends on no value, and so
 * lets one look after each (Lan and DeMets, "Discrete sequential boundaries for clinical trials",
 * Biometrika 70, 1983; this straight line is the member ρ = 1 of the family of Kim and DeMets,
 * Biometrika 74, 1987, and much like Pocock's bounds: readier to stop early than O'Brien's and
 * Fleming's, which a gate wants that costs seconds for each value).
 */
export function alphaSpent(level: number, n: number, horizon: number): number {
  return level * Math.min(1, n / horizon);
}
