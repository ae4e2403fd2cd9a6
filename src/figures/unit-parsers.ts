import {
  parseBytes,
  parseDecimal,
  parsePercentage,
  parseSteadyRate,
  parseTime,
  type Parsed,
} from '../basis/units.js';
import type { Unit } from './figure.js';

/** Reads an amount of a unit: into microseconds, bytes, a share of 1, per second, or a plain number. */
export const unitParsers: Readonly<Record<Unit, (text: string) => Parsed<number>>> = {
  us: parseTime,
  bytes: parseBytes,
  share: parsePercentage,
  perSecond: parseSteadyRate,
  count: parseDecimal,
  number: parseDecimal,
};
