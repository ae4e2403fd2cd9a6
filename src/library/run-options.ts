import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { Ramp } from '../basis/ramp.js';
import type { RunOptions as FlagOptions } from '../experiment/run.js';

/** How long something takes: the unit is in the name. */
export type Duration = { readonly seconds: number } | { readonly milliseconds: number };

/** A number, one that changes linearly over the phase, or text as the command line takes it. */
export type Amount = number | Ramp | string;

type Durations = 'duration' | 'warmup' | 'timeout' | 'connectTimeout' | 'deadline';
type Amounts = 'connections' | 'rate';
type Numbers = 'requests' | 'threads' | 'seed' | 'connectRate' | 'pid';

/**
 * What `run` takes: the flags of `c1m run` by their names, typed. Connections are counted, rates are
 * per second. Text is read as on the command line (`rate: '10k'`). Others are refused.
 */
export type RunOptions = Readonly<
  Omit<FlagOptions, Durations | Amounts | Numbers> &
    Partial<
      Record<Durations, Duration | string | undefined> &
        Record<Amounts, Amount | undefined> &
        Record<Numbers, number | string | undefined>
    >
>;

type Kind = 'duration' | 'amount' | 'number' | 'other';

const kinds: Readonly<Record<keyof RunOptions, Kind>> = {
  duration: 'duration',
  warmup: 'duration',
  timeout: 'duration',
  connectTimeout: 'duration',
  deadline: 'duration',
  connections: 'amount',
  rate: 'amount',
  requests: 'number',
  threads: 'number',
  seed: 'number',
  connectRate: 'number',
  pid: 'number',
  method: 'other',
  header: 'other',
  body: 'other',
  bodyFile: 'other',
  keepalive: 'other',
  engine: 'other',
  http2: 'other',
  insecure: 'other',
  localIps: 'other',
  memoryLimit: 'other',
  scenario: 'other',
  failIf: 'other',
  loadCpus: 'other',
  targetCpus: 'other',
  sched: 'other',
  probe: 'other',
  targetFolders: 'other',
  observer: 'other',
  signal: 'other',
};

export const optionNames = Object.keys(kinds);

/** As flags. Throws a ConfigError that names every option that is not known, or not of its type. */
export function flagsOf(options: RunOptions): FlagOptions {
  const problems: Problem[] = [];
  const flags = Object.entries(options).map(([name, value]) => {
    if (!Object.hasOwn(kinds, name)) {
      problems.push(unknown(name));
      return [name, undefined];
    }
    const text = asText(kinds[name as keyof RunOptions], value);
    if (text === null) problems.push(mistyped(name, kinds[name as keyof RunOptions]));
    return [name, text];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(flags) as FlagOptions;
}

/** null where it is not of its kind. */
function asText(kind: Kind, value: unknown): unknown {
  if (kind === 'other' || value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' && kind !== 'duration') return numberText(value);
  if (typeof value !== 'object' || value === null) return null;
  if (kind === 'duration') {
    const { seconds, milliseconds } = value as Readonly<Record<string, unknown>>;
    if (isNumber(seconds)) return `${numberText(seconds)}s`;
    return isNumber(milliseconds) ? `${numberText(milliseconds)}ms` : null;
  }
  const { from, to } = value as Partial<Ramp>;
  const isRamp = kind === 'amount' && isNumber(from) && isNumber(to);
  return isRamp ? `${numberText(from)}:${numberText(to)}` : null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** Without an exponent, which flags do not take. */
function numberText(value: number): string {
  return Number.isFinite(value)
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : String(value);
}

function unknown(name: string): Problem {
  const near = nearestName(name, optionNames);
  const remedy = near === null ? 'docs/library.md lists the options.' : `Did you mean ${near}?`;
  return { where: 'run', message: `There is no option "${name}"`, remedy };
}

const examples: Readonly<Record<Kind, string>> = {
  duration: '{ seconds: 5 } or { milliseconds: 250 }',
  amount: '500 or { from: 100, to: 5000 }',
  number: '500',
  other: '',
};

function mistyped(name: string, kind: Kind): Problem {
  return {
    where: 'run',
    message: `${name} is no ${kind === 'amount' ? 'number or ramp' : kind}`,
    remedy: `Write it as in ${name}: ${examples[kind]}.`,
  };
}
