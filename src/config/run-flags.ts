import type { Ramp } from '../basis/ramp.js';
import type { AddressRange } from '../basis/address-range.js';
import type { MemoryLimit } from '../basis/memory-limit.js';
import { bodySource, literalAt, readBodyFile } from './body-source.js';
import { parseMemoryLimit } from './memory-limit.js';
import { parseAddressRanges } from './address-ranges.js';
import { FlagReader } from './flag-reader.js';
import type { Problem } from '../basis/problem.js';
import { parseThreshold, type Threshold } from '../thresholds/threshold.js';
import { parseHeader, parseMethod } from './request-syntax.js';
import { engineChoices, type EngineChoice } from './scenario.js';
import {
  parseConnections,
  parseCount,
  parseDuration,
  parseRate,
  parseSteadyRate,
  type Parsed,
  type Written,
} from '../basis/units.js';
import { nearestName } from '../basis/nearest-name.js';

/** The flags of `c1m run`, as they were typed. */
export interface RunFlags {
  readonly connections?: string | undefined;
  readonly duration?: string | undefined;
  readonly requests?: string | undefined;
  readonly rate?: string | undefined;
  readonly threads?: string | undefined;
  readonly warmup?: string | undefined;
  readonly timeout?: string | undefined;
  readonly connectTimeout?: string | undefined;
  readonly deadline?: string | undefined;
  readonly method?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly body?: string | undefined;
  readonly bodyFile?: string | undefined;
  /** false for `--no-keepalive`; true, which commander gives by default, says nothing. */
  readonly keepalive?: boolean | undefined;
  readonly engine?: string | undefined;
  readonly http2?: boolean | undefined;
  readonly insecure?: boolean | undefined;
  readonly seed?: string | undefined;
  readonly connectRate?: string | undefined;
  readonly localIps?: string | undefined;
  readonly memoryLimit?: string | undefined;
  readonly scenario?: string | undefined;
  /** Conditions that must hold; they come after those of the scenario. */
  readonly failIf?: readonly string[] | undefined;
}

/** The flags in base units; null where one was not given. */
export interface ReadFlags {
  readonly connections: Ramp | null;
  readonly durationMicros: number | null;
  readonly requests: number | null;
  readonly rate: Ramp | null;
  readonly threads: number | null;
  readonly warmupMicros: number | null;
  readonly timeoutMicros: number | null;
  readonly connectTimeoutMicros: number | null;
  readonly deadlineMicros: number | null;
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | null;
  readonly engine: EngineChoice | null;
  readonly seed: number | null;
  readonly connectRatePerSecond: number | null;
  readonly localAddresses: readonly AddressRange[] | null;
  readonly memoryLimit: MemoryLimit | null;
  readonly failIf: readonly Threshold[];
}

/** Reads every flag, and puts what is wrong with each under its name. */
export async function readFlags(flags: RunFlags, problems: Problem[]): Promise<ReadFlags> {
  const flag = new FlagReader(problems);
  return {
    connections: flag.read('--connections', flags.connections, parseConnections),
    durationMicros: flag.read('--duration', flags.duration, parseDuration),
    requests: flag.read('--requests', flags.requests, parseCount),
    rate: flag.read('--rate', flags.rate, parseRate),
    threads: flag.read('--threads', flags.threads, parseCount),
    warmupMicros: flag.read('--warmup', flags.warmup, parseDuration),
    timeoutMicros: flag.read('--timeout', flags.timeout, parseDuration),
    connectTimeoutMicros: flag.read('--connect-timeout', flags.connectTimeout, parseDuration),
    deadlineMicros: flag.read('--deadline', flags.deadline, parseDuration),
    method: flag.read('--method', flags.method, parseMethod),
    headers: (flags.header ?? []).flatMap((header) => {
      const parsed = flag.accept('--header', parseHeaderLine(header));
      return parsed === null ? [] : [parsed];
    }),
    body: await readBody(flags, problems),
    engine: flag.read('--engine', flags.engine, parseEngine),
    connectRatePerSecond: flag.read('--connect-rate', flags.connectRate, parseSteadyRate),
    localAddresses: flag.read('--local-ips', flags.localIps, parseAddressRanges),
    memoryLimit: flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit),
    failIf: readConditions(flags.failIf, flag),
    seed: flag.read('--seed', flags.seed, (written: Written) => parseCount(written, 0)),
  };
}

/** Of `--fail-if`, in the order in which they were given. */
export function readConditions(
  written: readonly string[] | undefined,
  flag: FlagReader,
): Threshold[] {
  return (written ?? []).flatMap((condition) => {
    const parsed = flag.accept('--fail-if', parseThreshold(condition, '--fail-if'));
    return parsed === null ? [] : [parsed];
  });
}

function parseHeaderLine(line: string): Parsed<readonly [string, string]> {
  const colon = line.indexOf(':');
  if (colon > 0) {
    return parseHeader(line.slice(0, colon).trim(), line.slice(colon + 1), '--no-keepalive');
  }
  return {
    ok: false,
    message: `a header of ${line.length} characters has no colon after a name`,
    remedy: "Write a header such as 'Accept: text/plain'.",
  };
}

function parseEngine(written: string): Parsed<EngineChoice> {
  const value = engineChoices.find((choice) => choice === written);
  if (value !== undefined) return { ok: true, value };
  const near = nearestName(written, engineChoices);
  return {
    ok: false,
    message: `"${written}" is not an engine`,
    remedy: near === null ? `Choose ${engineChoices.join(', ')}.` : `Did you mean ${near}?`,
  };
}

async function readBody(flags: RunFlags, problems: Problem[]): Promise<string | Uint8Array | null> {
  const { body, bodyFile } = flags;
  if (body !== undefined && bodyFile !== undefined) {
    problems.push({
      where: '--body',
      message: '--body and --body-file exclude each other',
      remedy: 'Give one of the two.',
    });
    return null;
  }
  if (bodyFile !== undefined) return readBodyOf('--body-file', bodyFile, problems);
  if (body === undefined) return null;
  const source = bodySource(body);
  return source.kind === 'text' ? source.text : readBodyOf('--body', source.file, problems);
}

async function readBodyOf(
  flag: '--body' | '--body-file',
  file: string,
  problems: Problem[],
): Promise<Uint8Array | null> {
  try {
    return await readBodyFile(file);
  } catch (error) {
    problems.push({
      where: flag,
      message: `cannot read "${file}": ${(error as Error).message}`,
      remedy: `Name a file that can be read.${flag === '--body' ? ` ${literalAt}` : ''}`,
    });
    return null;
  }
}
