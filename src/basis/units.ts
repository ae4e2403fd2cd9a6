import type { Ramp } from './ramp.js';

/** What a parser made of its input: a value, or what is wrong and how to write it instead. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly remedy: string };

/** Flags give strings; YAML gives numbers wherever a value looks like one. */
export type Written = string | number;

// Thirty days: longer is a slip of the unit, and timers and schedules stay exact below it.
const longestMicros = 30 * 24 * 3600 * 1e6;
const highestRate = 1e9;

const decimal = String.raw`(?:\d+(?:_\d+)*)(?:\.\d+)?|\.\d+`;
const scales = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 } as const;
const microsPer = { us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 } as const;
const secondsPer = { s: 1, m: 60, min: 60, h: 3600 } as const;
const bytesPer = {
  ...{ '': 1, B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
} as const;

const scaledPattern = new RegExp(`^(${decimal})\\s*([kKMG]?)$`);
const durationPattern = new RegExp(`^(?:(?:${decimal})\\s*(?:us|µs|μs|ms|s|m|h)\\s*)+$`);
const durationPart = new RegExp(`(${decimal})\\s*(us|µs|μs|ms|s|m|h)`, 'g');
const plainPattern = new RegExp(`^(${decimal})$`);
const ratePattern = new RegExp(`^(${decimal})\\s*([kKMG]?)(?:/(s|min|m|h))?$`);
const sharePattern = new RegExp(`^(${decimal})\\s*(%?)$`);
const bytesPattern = new RegExp(`^(${decimal})\\s*(B|[kK]B|[MG]B|[KMG]iB|)$`);

/** `10k`, `1M`, `2.5k`, `1_000`: a whole number of at least `least`. */
export function parseCount(written: Written, least = 1): Parsed<number> {
  const remedy = 'Write a whole number such as 100, 2.5k, 10k, 1_000 or 1M.';
  const value = scaledNumber(written);
  if (value === null) return failed(written, 'is not a count', remedy);
  if (!Number.isSafeInteger(value)) return failed(written, 'is not a whole number', remedy);
  if (value < least) return failed(written, `is less than ${least}`, remedy);
  return { ok: true, value };
}

/** A count of at most `most`. */
export function parseCountUpTo(written: Written, most: number): Parsed<number> {
  const parsed = parseCount(written);
  if (!parsed.ok || parsed.value <= most) return parsed;
  return failed(written, `is more than ${most}`, `Write a whole number from 1 to ${most}.`);
}

/** `10s`, `250ms`, `500us`, `2m`, `1h`, `1m30s`; a bare number is seconds. In microseconds. */
export function parseDuration(written: Written): Parsed<number> {
  const remedy = 'Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.';
  const micros = typeof written === 'number' ? amount(written, 1e6) : microsOfText(written.trim());
  if (micros === null) return failed(written, 'is not a duration', remedy);
  const value = Math.round(micros);
  if (value < 1) return failed(written, 'is shorter than one microsecond', remedy);
  if (value > longestMicros) return failed(written, 'is longer than 30 days', remedy);
  return { ok: true, value };
}

/** `20ms`, `7.5us`, `0ms`: as a duration, but with its unit, and to fractions of a microsecond. */
export function parseTime(written: Written): Parsed<number> {
  const text = String(written).trim();
  const micros = microsOf(text);
  if (micros !== null) return { ok: true, value: near(micros) };
  const what = plainPattern.test(text) ? 'has no unit' : 'is not a time';
  return failed(written, what, 'Write a time with its unit, such as 20ms, 7.5us or 2s.');
}

function microsOfText(text: string): number | null {
  return plainPattern.test(text) ? toNumber(text) * 1e6 : microsOf(text);
}

function microsOf(text: string): number | null {
  if (!durationPattern.test(text)) return null;
  let micros = 0;
  for (const [, amount, unit] of text.matchAll(durationPart)) {
    micros += toNumber(amount!) * microsPer[unit as keyof typeof microsPer];
  }
  return micros;
}

/** `10k`, `2.5k/s`, `600/m`, and ramps: `100:5k`. Per second; a bare number is per second. */
export function parseRate(written: Written): Parsed<Ramp> {
  const remedy = 'Write requests per second such as 500, 10k, 2.5k/s or 600/m, or a ramp: 100:5k.';
  const ramp = typeof written === 'number' ? steady(amount(written)) : rampOf(written);
  if (ramp === null) return failed(written, 'is not a rate', remedy);
  if (Math.max(ramp.from, ramp.to) > highestRate) {
    return failed(written, 'is more than 1,000,000,000 a second', remedy);
  }
  return { ok: true, value: ramp };
}

function steady(rate: number | null): Ramp | null {
  return rate === null ? null : { from: rate, to: rate };
}

function rampOf(text: string): Ramp | null {
  const ends = text.trim().split(':');
  const matches = ends.map((end) => ratePattern.exec(end.trim()));
  const last = matches.at(-1);
  if (ends.length > 2 || !last || !matches[0]) return null;
  // In `600:6000/m` the unit is that of both ends.
  const shared = last[3] ?? 's';
  const [from, to] = [matches[0], last].map((match) => {
    const scale = scales[match[2] as keyof typeof scales];
    const seconds = secondsPer[(match[3] ?? shared) as keyof typeof secondsPer];
    return near(toNumber(match[1]!) * scale) / seconds;
  }) as [number, number];
  return { from, to };
}

/** As `parseRate`, but one rate, above 0. */
export function parseSteadyRate(written: Written): Parsed<number> {
  const parsed = parseRate(written);
  if (!parsed.ok) return parsed;
  const { from, to } = parsed.value;
  if (from === to && from > 0) return { ok: true, value: from };
  return failed(written, 'is not one rate above 0', 'Write a rate per second such as 500 or 10k.');
}

/** `30%`, or 0.3: above 0 and below 1. */
export function parseShare(written: Written): Parsed<number> {
  const match = sharePattern.exec(String(written).trim());
  const value = match === null ? NaN : toNumber(match[1]!) / (match[2] === '%' ? 100 : 1);
  if (value > 0 && value < 1) return { ok: true, value };
  return failed(written, 'is not a share', 'Write a share such as 30%, above 0% and below 100%.');
}

/** `1%`, `0%`, `150%`, or 0.01: a share of 1, of at least 0. */
export function parsePercentage(written: Written): Parsed<number> {
  const match = sharePattern.exec(String(written).trim());
  if (!match) return failed(written, 'is not a percentage', 'Write a percentage such as 1% or 0%.');
  return { ok: true, value: toNumber(match[1]!) / (match[2] === '%' ? 100 : 1) };
}

/** `0`, `0.5`, `10k`: a number of at least 0. */
export function parseDecimal(written: Written): Parsed<number> {
  const value = scaledNumber(written);
  if (value !== null) return { ok: true, value };
  return failed(written, 'is not a number', 'Write a number such as 0, 0.5, 100 or 10k.');
}

/** `100`, `10k`, and ramps: `100:5k`. */
export function parseConnections(written: Written): Parsed<Ramp> {
  const remedy = 'Write a number of connections such as 100, 10k or 1M, or a ramp: 100:5k.';
  const ends = typeof written === 'number' ? [written] : written.trim().split(':');
  const counts = ends.map((end) => parseCount(end));
  const [from, to = from] = counts;
  if (ends.length > 2 || !from?.ok || !to?.ok) {
    const zero = ends.some((end) => /^0+$/.test(String(end).trim()));
    return failed(written, zero ? 'is less than 1' : 'is not a number of connections', remedy);
  }
  return { ok: true, value: { from: from.value, to: to.value } };
}

/** `200MB`, `6kB`, `1MiB`; a bare number is bytes. */
export function parseBytes(written: Written): Parsed<number> {
  const remedy = 'Write an amount such as 512, 6kB, 200MB, 64KiB or 1MiB.';
  const match = bytesPattern.exec(String(written).trim());
  if (!match) return failed(written, 'is not an amount of bytes', remedy);
  const value = near(toNumber(match[1]!) * bytesPer[match[2] as keyof typeof bytesPer]);
  if (!Number.isSafeInteger(value)) {
    return failed(written, 'is not a whole number of bytes', remedy);
  }
  return { ok: true, value };
}

/** `10k`, or a number that is one already; null for what is none of at least 0. */
function scaledNumber(written: Written): number | null {
  if (typeof written === 'number') return amount(written);
  const match = scaledPattern.exec(written.trim());
  return match && near(toNumber(match[1]!) * scales[match[2] as keyof typeof scales]);
}

function amount(value: number, scale = 1): number | null {
  return Number.isFinite(value) && value >= 0 ? value * scale : null;
}

function toNumber(digits: string): number {
  return Number(digits.replaceAll('_', ''));
}

/** 1.1 × 1000 is 1100.0000000000002 in floating point; what is meant is 1100. */
function near(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 * whole ? whole : value;
}

function failed(written: Written, what: string, remedy: string): Parsed<never> {
  return { ok: false, message: `${JSON.stringify(written)} ${what}`, remedy };
}
