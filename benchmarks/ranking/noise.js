/**
 * Columns of a comparison whose truth is known. A noise gives each target a standard deviation between
 * its trials, as a share; all have in common what a round of trials differs by.
 */

const noisy = (deviation, others, noisyOnes) => (_, count) =>
  Array.from({ length: count }, (__, place) => (noisyOnes.includes(place) ? deviation : others));

/** The second is noisy and, of two, the last: neither is first, nor are they neighbours. */
export const noises = {
  'all 3 %': { deviations: noisy(0.03, 0.03, []) },
  '1–8 %, log-uniform': {
    deviations: (random, count) =>
      Array.from({ length: count }, () => Math.exp(Math.log(0.01) + random.next() * Math.log(8))),
  },
  'one of 8 %, the others of 1 %': { deviations: noisy(0.08, 0.01, [1]) },
  'one of 15 %, the others of 1.5 %': { deviations: noisy(0.15, 0.015, [1]) },
  'two of 15 %, the others of 1.5 %': { deviations: noisy(0.15, 0.015, [1, 8]) },
  'wild: 3 %, one trial in ten 15 %': { deviations: noisy(0.03, 0.03, []), wild: true },
};

const roundDeviation = 0.02;

/** @returns targets with the figures of their trials, from the true ones. */
export function drawColumn(random, { deviations, wild = false }, truths, trials) {
  const own = deviations(random, truths.length);
  const rounds = Array.from({ length: trials }, () => roundDeviation * normal(random));
  return truths.map((truth, place) => ({
    label: `${place}`,
    values: rounds.map((round) => {
      const factor = wild && random.next() < 0.1 ? 5 : 1;
      return truth * Math.exp(round + factor * own[place] * normal(random));
    }),
  }));
}

/** Box and Muller, 1958. */
function normal(random) {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
