import type { Forecast } from '../duet/time-budget.js';

/** What the budget of a gate can decide, as its first pair shows. */
export function forecastWords(forecast: Forecast): string {
  const { secondsPerPair, budgetSeconds, pairs, fewest } = forecast;
  const pair = `a pair takes ${secondsPerPair.toFixed(0)} s`;
  const budget = `the budget of ${minutes(budgetSeconds)}`;
  if (pairs >= fewest) {
    return `${pair}: ${budget} has room for some ${pairs}, and from ${fewest} on they can decide`;
  }
  const needed = Math.ceil((secondsPerPair * fewest * margin) / 60);
  return `${pair}, so ${budget} has room for ${pairs}, and fewer than ${fewest} decide nothing: give it --budget ${needed}m`;
}

/** Of pairs that take longer than the first, and of a second set. */
const margin = 1.5;

function minutes(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(0)} s` : `${Number((seconds / 60).toFixed(1))} min`;
}
