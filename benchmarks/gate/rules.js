import { decide } from '../../dist/gate/decision.js';
import { firstSetLevel } from '../../dist/gate/plan.js';
import { standing } from '../../dist/gate/standing.js';
import { sequentialSignedRank } from '../../dist/stats/sequential-signed-rank.js';
import { signedRankDistributions } from '../../dist/stats/signed-rank.js';
import { studentT95 } from '../../dist/stats/student-t.js';
import { everything } from './noise.js';

/**
 * A rule says after each pair what the gate is, or what the next pair is for. These are compared.
 */

export function gate(plan, pairs) {
  const decision = decide(plan, pairs, { spent: false, secondsPerPair: 8 });
  return decision.kind === 'decided' ? verdictOf(decision.gate) : decision;
}

/** @returns 'weak pass' for one that is not proven of every metric */
function verdictOf({ verdict, metrics }) {
  const weak = metrics.some((metric) => metric.verdict === 'pass' && !metric.proven);
  return verdict === 'pass' && weak ? 'weak pass' : verdict;
}

/** The gate's first set alone: a suspicion is called a regression at once. */
export function firstSetOnly(plan, pairs) {
  const decision = decide(plan, pairs, { spent: false, secondsPerPair: 8 });
  if (decision.kind === 'decided') return verdictOf(decision.gate);
  return decision.set === 'second' ? 'regression' : decision;
}

/** As the first set, with Student's t in place of the ranks, at the level of each look. */
export function sequentialT(plan, pairs) {
  return byStudent(plan, pairs, quantilesOfLooks(plan.pairsPerSet));
}

/** The rule to avoid: a plain 95 % interval by Student's t after each pair, until it decides. */
export function plainT(plan, pairs) {
  return byStudent(plan, pairs, (n) => (n < 7 ? null : studentT95(n - 1)));
}

function byStudent(plan, pairs, quantile) {
  const n = pairs.length;
  const t = quantile(n);
  if (t === null) return everything(plan);
  const standings = [...plan.allowed].map(([metric, { share: allowed }]) => {
    const logs = pairs.map(({ ratios }) => Math.log(ratios[metric]));
    const mean = logs.reduce((sum, log) => sum + log, 0) / n;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1);
    const margin = t * Math.sqrt(variance / n);
    const interval = { low: Math.exp(mean - margin), high: Math.exp(mean + margin) };
    return standing(metric, allowed, interval);
  });
  if (standings.includes('worse')) return 'regression';
  if (standings.every((it) => it !== 'open')) {
    return standings.includes('better') ? 'improvement' : 'pass';
  }
  return n < plan.pairsPerSet ? everything(plan) : 'inconclusive';
}

const quantiles = new Map();

function quantilesOfLooks(horizon) {
  if (!quantiles.has(horizon)) {
    const bounds = sequentialSignedRank(firstSetLevel, horizon);
    const found = [null];
    for (const shares of signedRankDistributions(horizon)) {
      const n = found.length;
      const level = shares.subarray(0, bounds[n] + 1).reduce((sum, share) => sum + share, 0);
      found.push(level > 0 ? studentT(n - 1, level) : null);
    }
    quantiles.set(horizon, found);
  }
  return (n) => quantiles.get(horizon)[n];
}

/** The t that Student's distribution exceeds with a probability of `tail`, by bisection. */
function studentT(degrees, tail) {
  let low = 0;
  let high = 100;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (0.5 - densityUpTo(degrees, middle) > tail) low = middle;
    else high = middle;
  }
  return low;
}

/** From 0 to t, by Simpson's rule; the constant from the recurrence of the gamma function. */
function densityUpTo(n, t) {
  let ratio = n % 2 === 0 ? Math.sqrt(Math.PI) / 2 : 1 / Math.sqrt(Math.PI);
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) ratio *= (k + 1) / k;
  const density = (x) => (ratio / Math.sqrt(n * Math.PI)) * (1 + x ** 2 / n) ** (-(n + 1) / 2);
  const steps = 2000;
  let sum = density(0) + density(t);
  for (let i = 1; i < steps; i++) sum += density((i * t) / steps) * (i % 2 === 1 ? 4 : 2);
  return (sum * t) / steps / 3;
}
