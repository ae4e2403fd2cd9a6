import type { ExchangeUnit, Waited } from '../results/exchange-unit.js';
import type { LoadFigures } from '../results/figures.js';

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

const words: Readonly<Record<Waited, UnitWords>> = {
  request: { one: 'request', many: 'requests', short: 'req' },
  message: { one: 'message', many: 'messages', short: 'msg' },
  call: { one: 'call', many: 'calls', short: 'call' },
  delivery: { one: 'delivery', many: 'deliveries', short: 'delivery' },
};

/** "1 message", "2 messages"; the number as it is to be shown. */
export function countOf(count: number, unit: Waited, shown: string): string {
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
export function inUnit(text: string, unit: Waited): string {
  if (unit === 'request') return text;
  return text.replace(/\b([Rr]equests?|req)\b/g, (found) => {
    if (found === 'req') return words[unit].short;
    const word = found.endsWith('s') ? words[unit].many : words[unit].one;
    return found.startsWith('R') ? word[0]!.toUpperCase() + word.slice(1) : word;
  });
}

/** What is said of several together: their unit, or where they differ, as of requests. */
export function commonUnit<Unit extends Waited>(units: Iterable<Unit>): Unit | 'request' {
  const [unit, ...others] = new Set(units);
  return unit === undefined || others.length > 0 ? 'request' : unit;
}

/** What the latency of a load is of. */
export function waitedFor({ unit, fanOut }: Pick<LoadFigures, 'unit' | 'fanOut'>): Waited {
  return fanOut === null ? unit : 'delivery';
}

/** Of those that were waited for in vain: "was not answered", "did not come in time". */
export function inVain(count: number, waited: Waited): string {
  if (waited === 'delivery') return 'did not come in time';
  return `${count === 1 ? 'was' : 'were'} not answered`;
}
