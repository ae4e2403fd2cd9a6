import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forecastWords } from '../../src/cli/forecast-words.js';
import { TimeBudget } from '../../src/duet/time-budget.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** A budget of which some seconds have gone. */
function after(seconds: number, asked: number | null): TimeBudget {
  const budget = new TimeBudget(asked);
  vi.advanceTimersByTime(seconds * 1000);
  return budget;
}

describe('the time that a gate has', () => {
  it('has room for what ends within it', () => {
    const budget = after(20, 60);
    expect(budget.elapsedSeconds).toBeCloseTo(20, 6);
    expect(budget.hasRoomFor(40)).toBe(true);
    expect(budget.hasRoomFor(40.1)).toBe(false);
  });

  it('is up at its end, whatever is going on', async () => {
    vi.useRealTimers();
    const budget = new TimeBudget(0.05);
    await new Promise((resolve) => budget.deadline.addEventListener('abort', resolve));
    expect(budget.hasRoomFor(0)).toBe(false);
  });

  it('is what was asked for, and tells how many pairs fit', () => {
    const forecast = after(14, 60).forecast(10);
    expect(forecast).toMatchObject({ budgetSeconds: 60, pairs: 5, secondsPerPair: 10 });
    expect(forecastWords(forecast)).toMatch(
      /^a pair takes 10 s, so the budget of 60 s has room for 5, and fewer than 6 decide nothing: give it --budget 2m$/,
    );
  });

  it.each([
    ['three minutes for quick pairs', 8, 180],
    ['ten pairs for slow ones', 30, 34 + 9 * 30],
    ['eight minutes at the most', 100, 480],
  ])('is, where nothing was asked for, %s', (_what, secondsPerPair, seconds) => {
    const forecast = after(34, null).forecast(secondsPerPair);
    expect(forecast.budgetSeconds).toBe(seconds);
  });

  it('has sets no larger than the pairs that there is time for', () => {
    const [few, many] = [after(10, 100).forecast(10), after(10, 1_000).forecast(10)];
    expect(few).toMatchObject({ pairs: 10, pairsPerSet: 12 });
    expect(many).toMatchObject({ pairs: 100, pairsPerSet: 20, fewest: 7 });
    expect(forecastWords(many)).toBe(
      'a pair takes 10 s: the budget of 16.7 min has room for some 100, and from 7 on they can decide',
    );
  });
});
