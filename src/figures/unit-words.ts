import type { ExchangeUnit } from '../results/exchange-unit.js';

/**
 * What the units of a load are called. All texts of c1m's own are written of requests; `inUnit` says
 * the same of another unit. Names in machine formats (`requestsPerSecond`) are a promise, and stay.
 */

interface UnitWords {
  readonly one: string;
  readonly many: string;
  /** Where a heading has little room. */
  readonly short: string;
}

const words: Readonly<Record<ExchangeUnit, UnitWords>> = {
  request: { one: 'request', many: 'requests', short: 'req' },
  message: { one: 'message', many: 'messages', short: 'msg' },
  call: { one: 'call', many: 'calls', short: 'call' },
};

/** "1 message", "2 messages"; the number as it is to be shown. */
export function countOf(count: number, unit: ExchangeUnit, shown: string): string {
  return `${shown} ${count === 1 ? words[unit].one : words[unit].many}`;
}

/** "requests/s", "messages/s". */
export function rateWord(unit: ExchangeUnit): string {
  return `${words[unit].many}/s`;
}

/**
 * A text of c1m's own that is written of requests, in the words of another unit: "CPU per request" is
 * "CPU per message". Not for a text that holds names, which may have these words in them.
 */
export function inUnit(text: string, unit: ExchangeUnit): string {
  if (unit === 'request') return text;
  return text.replace(/\b([Rr]equests?|req)\b/g, (found) => {
    if (found === 'req') return words[unit].short;
    const word = found.endsWith('s') ? words[unit].many : words[unit].one;
    return found.startsWith('R') ? word[0]!.toUpperCase() + word.slice(1) : word;
  });
}

/** What is said of several together: their unit, or where they differ, as of requests. */
export function commonUnit(units: Iterable<ExchangeUnit>): ExchangeUnit {
  const [unit, ...others] = new Set(units);
  return unit === undefined || others.length > 0 ? 'request' : unit;
}
