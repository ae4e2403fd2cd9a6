import {
  parseBytes,
  parseDecimal,
  parsePercentage,
  parseSteadyRate,
  parseTime,
  type Parsed,
} from '../basis/units.js';
import type { Unit } from '../figures/figure.js';

/** Reads a limit: into microseconds, bytes, a share of 1, per second, or a plain number. */
export const limitParsers: Readonly<Record<Unit, (text: string) => Parsed<number>>> = {
  us: parseTime,
  bytes: parseBytes,
  share: parsePercentage,
  perSecond: parseSteadyRate,
  count: parseDecimal,
  number: parseDecimal,
};
