import type { Ramp } from '../basis/ramp.js';
import { parseConnections, parseDuration, parseRate, type Parsed } from '../basis/units.js';

/** How long something takes: the unit is in the name. */
export type Duration = { readonly seconds: number } | { readonly milliseconds: number };

/** A number, one that changes linearly over the phase, or text as the command line takes it. */
export type Amount = number | Ramp | string;

/** In microseconds. */
export function durationOf(written: Duration | string): Parsed<number> {
  if (typeof written === 'string') return parseDuration(written);
  return parseDuration('seconds' in written ? written.seconds : written.milliseconds / 1000);
}

export function connectionsOf(written: Amount): Parsed<Ramp> {
  return rampOf(written, parseConnections);
}

/** Per second. */
export function rateOf(written: Amount): Parsed<Ramp> {
  return rampOf(written, parseRate);
}

/** Each end of a ramp by itself. */
function rampOf(written: Amount, parse: (end: number | string) => Parsed<Ramp>): Parsed<Ramp> {
  if (typeof written !== 'object') return parse(written);
  const [from, to] = [parse(written.from), parse(written.to)];
  if (!from.ok) return from;
  return to.ok ? { ok: true, value: { from: from.value.from, to: to.value.to } } : to;
}
