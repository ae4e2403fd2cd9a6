import type { Describer } from '../load/describing.js';
import type { AskedLoad } from './asked-load.js';
import { readBodyFile, readWritten } from './body-source.js';
import { readDetours, type DetourFlags } from './detour-flags.js';
import { parseMemoryLimit } from './memory-limit.js';
import { parseAddressRanges } from './address-ranges.js';
import { FlagReader } from './flag-reader.js';
import type { Problem } from '../basis/problem.js';
import { parseThreshold, type Threshold } from '../thresholds/threshold.js';
import { parseProxyVersion } from './proxy-protocol-flag.js';
import { parseStreamFormat } from './stream-format.js';
import { parseHeader, parseMethod } from './request-syntax.js';
import { openScenario } from './scenario-catalog.js';
import { engineChoices, mostStreams, type EngineChoice } from './scenario.js';
import {
  parseConnections,
  parseCount,
  parseCountUpTo,
  parseDuration,
  parseRate,
  parseSteadyRate,
  type Parsed,
  type Written,
} from '../basis/units.js';
import { readGrpcFlags, type GrpcFlags } from './grpc-flags.js';
import { urlDescriber } from './describing-url.js';
import type { TargetUrl } from './target-url.js';
import { readTlsFlags, type TlsFlags } from './tls-flags.js';
import { parseSocketPath } from './unix-url.js';
import { nearestName } from '../basis/nearest-name.js';

/** The flags of `c1m run`, as they were typed. */
export interface RunFlags extends TlsFlags, DetourFlags, GrpcFlags {
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
  readonly unix?: string | undefined;
  readonly proxyProtocol?: string | undefined;
  readonly engine?: string | undefined;
  readonly http2?: boolean | undefined;
  readonly websocket?: boolean | undefined;
  readonly fanOut?: boolean | undefined;
  /** Bare, by the Content-Type. */
  readonly stream?: string | boolean | undefined;
  readonly streams?: string | undefined;
  readonly seed?: string | undefined;
  readonly connectRate?: string | undefined;
  readonly localIps?: string | undefined;
  readonly memoryLimit?: string | undefined;
  readonly scenario?: string | undefined;
  /** Conditions that must hold; they come after those of the scenario. */
  readonly failIf?: readonly string[] | undefined;
}

/** Those that are words in the library, too. */
export type WordFlags = Omit<RunFlags, Quantity>;

type Quantity =
  | 'connections'
  | 'duration'
  | 'requests'
  | 'rate'
  | 'threads'
  | 'warmup'
  | 'timeout'
  | 'connectTimeout'
  | 'deadline'
  | 'connectRate'
  | 'streams'
  | 'seed';

type AskedWords = Pick<
  AskedLoad,
  | 'method'
  | 'headers'
  | 'body'
  | 'grpc'
  | 'keepAlive'
  | 'engine'
  | 'http2'
  | 'webSocket'
  | 'fanOut'
  | 'stream'
  | 'tls'
  | 'detours'
  | 'unix'
  | 'proxyProtocol'
  | 'localAddresses'
  | 'memoryLimit'
  | 'failIf'
  | 'scenario'
>;

/**
 * Reads every flag, and puts what is wrong with each under its name.
 * @param targets which may be asked what their methods are
 * @param describes who is asked instead
 */
export async function readFlags(
  flags: RunFlags,
  targets: readonly TargetUrl[],
  problems: Problem[],
  describes: Describer | null = null,
): Promise<AskedLoad> {
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
    connectRatePerSecond: flag.read('--connect-rate', flags.connectRate, parseSteadyRate),
    streams: flag.read('--streams', flags.streams, parseStreams),
    ...(await readWords(flags, targets, problems, describes)),
    seed: flag.read('--seed', flags.seed, parseSeed),
  };
}

export const parseSeed = (written: Written): Parsed<number> => parseCount(written, 0);

export const parseStreams = (written: Written): Parsed<number> =>
  parseCountUpTo(written, mostStreams);

/** Whether there is such a process shows when it is to be read. */
export function parsePid(written: Written): Parsed<number> {
  const parsed = parseCount(written);
  if (parsed.ok) return parsed;
  const message = `There is no process "${written}"`;
  return { ok: false, message, remedy: 'Find it with: ss -ltnp' };
}

/** Reads what is no number, nor a duration. Parameters as above. */
export async function readWords(
  flags: WordFlags,
  targets: readonly TargetUrl[],
  problems: Problem[],
  describes: Describer | null = null,
): Promise<AskedWords> {
  const flag = new FlagReader(problems);
  const tls = await readTlsFlags(flags, flag, problems);
  const detours = readDetours(flags, flag);
  const unix = flag.read('--unix', flags.unix, (path) => parseSocketPath(path));
  const describer = describes ?? urlDescriber(targets[0], { tls, unix, detours });
  const scenario =
    flags.scenario === undefined ? null : await flag.wait(openScenario(flags.scenario, describer));
  const body = await readBody(flags, problems);
  const grpc = await readGrpcFlags(flags, body, scenario, describer, flag);
  return {
    method: flag.read('--method', flags.method, parseMethod),
    headers: (flags.header ?? []).flatMap((header) => {
      const parsed = flag.accept('--header', parseHeaderLine(header));
      return parsed === null ? [] : [parsed];
    }),
    // That of a call is in the call.
    body: grpc === null ? body : null,
    grpc,
    keepAlive: flags.keepalive === false ? false : null,
    engine: flag.read('--engine', flags.engine, parseEngine),
    // Which calls go over.
    http2: flags.grpc === undefined ? (flags.http2 ?? null) : true,
    webSocket: flags.websocket ?? null,
    fanOut: flags.fanOut ?? null,
    stream: flag.read('--stream', flags.stream, parseStreamFormat),
    tls,
    detours,
    unix,
    proxyProtocol: flag.read('--proxy-protocol', flags.proxyProtocol, parseProxyVersion),
    localAddresses: flag.read('--local-ips', flags.localIps, parseAddressRanges),
    memoryLimit: flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit),
    failIf: readConditions(flags.failIf, flag),
    scenario,
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

async function readBody(flags: WordFlags, problems: Problem[]): Promise<AskedLoad['body']> {
  const { body, bodyFile } = flags;
  if (body !== undefined && bodyFile !== undefined) {
    problems.push({
      where: '--body',
      message: '--body and --body-file exclude each other',
      remedy: 'Give one of the two.',
    });
    return null;
  }
  // The problem of either is told with the others.
  const flag = new FlagReader(problems);
  if (bodyFile !== undefined) {
    const content = await flag.wait(readBodyFile('--body-file', bodyFile));
    return content && { content, flag: '--body-file' };
  }
  if (body === undefined) return null;
  const content = await flag.wait(readWritten('--body', body));
  return content === null ? null : { content, flag: '--body' };
}
