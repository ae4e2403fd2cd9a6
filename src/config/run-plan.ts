import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { EngineName, LoadPlan, Origin, Phase, Ramp, RequestSpec } from '../load/plan.js';
import { ConfigError, type Problem } from './problem.js';
import { parseConnections, parseCount, parseDuration, parseRate, type Parsed } from './units.js';

/** The flags of `c1m run`, as they were typed. */
export interface RunFlags {
  readonly connections?: string;
  readonly duration?: string;
  readonly requests?: string;
  readonly rate?: string;
  readonly threads?: string;
  readonly warmup?: string;
  readonly timeout?: string;
  readonly deadline?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly bodyFile?: string;
  readonly keepalive?: boolean;
  readonly engine?: string;
  readonly http2?: boolean;
  readonly insecure?: boolean;
}

export interface RunPlan {
  readonly plan: LoadPlan;
  readonly url: string;
  /** Why the engine is the one that it is; null if it was asked for. */
  readonly engineReason: string | null;
}

/** Without its address, which takes a look-up. */
type UnresolvedPlan = Omit<RunPlan, 'plan'> & {
  readonly plan: Omit<LoadPlan, 'origins'> & {
    readonly origins: readonly Omit<Origin, 'address'>[];
  };
};

const defaults = { connections: '50', duration: '10s', timeout: '10s' };

/** Turns the flags into a plan; throws a ConfigError that names every flag that is wrong. */
export function parseRunFlags(url: string, flags: RunFlags, version: string): UnresolvedPlan {
  const problems: Problem[] = [];
  const read = <T>(flag: string, parsed: Parsed<T>, fallback: T): T => {
    if (parsed.ok) return parsed.value;
    problems.push({ where: flag, message: parsed.message, remedy: parsed.remedy });
    return fallback;
  };
  const optional = <T>(
    flag: string,
    text: string | undefined,
    parse: (text: string) => Parsed<T>,
    fallback: T,
  ): T | null => (text === undefined ? null : read(flag, parse(text), fallback));

  const target = parseUrl(url, problems);
  const rate = optional<Ramp>('--rate', flags.rate, parseRate, { from: 1, to: 1 });
  const requests = optional('--requests', flags.requests, parseCount, 1);
  const none: Ramp = { from: 1, to: 1 };
  const connections = read(
    '--connections',
    parseConnections(flags.connections ?? defaults.connections),
    none,
  );
  const duration =
    flags.duration === undefined && requests !== null
      ? null
      : read('--duration', parseDuration(flags.duration ?? defaults.duration), 1e6);
  const warmup = optional('--warmup', flags.warmup, parseDuration, 1e6);
  const timeout = read('--timeout', parseDuration(flags.timeout ?? defaults.timeout), 1e6);
  const deadline = optional('--deadline', flags.deadline, parseDuration, 1e6);
  const fewest = Math.max(1, Math.min(connections.from, connections.to));
  const threads =
    optional('--threads', flags.threads, parseCount, 1) ??
    Math.min(4, fewest, Math.max(1, Math.floor(availableParallelism() / 2)));

  const ramps = (rate !== null && rate.from !== rate.to) || connections.from !== connections.to;
  if (ramps && duration === null) {
    problems.push({
      where: '--requests',
      message: 'A ramp needs a duration to run over',
      remedy: 'Add --duration, such as -d 30s.',
    });
  }
  if (deadline !== null && rate === null) {
    problems.push({
      where: '--deadline',
      message: 'In a closed workload no request is ever late',
      remedy: 'Add --rate, or remove --deadline.',
    });
  }
  const engine = parseEngine(flags, problems);
  const request = parseRequest(target?.path ?? '/', target?.authorization ?? null, flags, problems);
  if (problems.length > 0 || target === null) throw new ConfigError(problems);

  const phase: Phase = {
    name: rate === null ? 'throughput' : 'latency',
    durationMicros: duration,
    requests,
    connections,
    arrival: rate === null ? { kind: 'closed' } : { kind: 'open', ratePerSecond: rate },
    record: true,
  };
  const warmUp: Phase[] =
    warmup === null
      ? []
      : [{ ...phase, name: 'warm-up', durationMicros: warmup, requests: null, record: false }];
  return {
    url: target.url,
    engineReason: engine.reason,
    plan: {
      origins: [target.origin],
      requests: [request],
      data: null,
      phases: [...warmUp, phase],
      engine: engine.name,
      http2: flags.http2 ?? false,
      tls: { verify: flags.insecure !== true },
      threads,
      keepAlive: flags.keepalive ?? true,
      timeoutMicros: timeout,
      connectTimeoutMicros: timeout,
      deadlineMicros: deadline,
      seed: 1,
      userAgent: `c1m/${version}`,
    },
  };
}

function parseEngine(
  flags: RunFlags,
  problems: Problem[],
): { name: EngineName; reason: string | null } {
  switch (flags.engine ?? 'auto') {
    case 'auto':
      return flags.http2 === true
        ? { name: 'undici', reason: 'net speaks HTTP/1.1 only' }
        : { name: 'net', reason: null };
    case 'net':
      if (flags.http2 === true) {
        problems.push({
          where: '--engine',
          message: 'The engine net speaks HTTP/1.1 only',
          remedy: 'Use --engine undici with --http2.',
        });
      }
      return { name: 'net', reason: null };
    case 'undici':
      return { name: 'undici', reason: null };
    default:
      problems.push({
        where: '--engine',
        message: `"${flags.engine ?? ''}" is not an engine`,
        remedy: 'Choose auto, net or undici.',
      });
      return { name: 'net', reason: null };
  }
}

function parseRequest(
  path: string,
  authorization: string | null,
  flags: RunFlags,
  problems: Problem[],
): RequestSpec {
  const headers: [string, string][] = [];
  if (authorization !== null) headers.push(['Authorization', authorization]);
  for (const header of flags.header ?? []) {
    const colon = header.indexOf(':');
    if (colon > 0) headers.push([header.slice(0, colon).trim(), header.slice(colon + 1).trim()]);
    else {
      problems.push({
        where: '--header',
        message: `"${header}" has no colon`,
        remedy: "Write it as 'Name: value'.",
      });
    }
  }
  const body = readBody(flags, problems);
  return {
    method: flags.method ?? (body === null ? 'GET' : 'POST'),
    path,
    headers,
    body,
    weight: 1,
    expect: { status: null, bodyContains: null },
  };
}

function readBody({ body, bodyFile }: RunFlags, problems: Problem[]): string | Uint8Array | null {
  if (body !== undefined && bodyFile !== undefined) {
    problems.push({
      where: '--body',
      message: '--body and --body-file exclude each other',
      remedy: 'Give one of the two.',
    });
  }
  if (bodyFile === undefined) return body ?? null;
  try {
    return readFileSync(bodyFile);
  } catch (error) {
    problems.push({
      where: '--body-file',
      message: (error as Error).message,
      remedy: 'Name a file that can be read.',
    });
    return null;
  }
}

interface ParsedUrl {
  readonly url: string;
  readonly origin: Omit<Origin, 'address'>;
  readonly path: string;
  readonly authorization: string | null;
}

function parseUrl(text: string, problems: Problem[]): ParsedUrl | null {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : `http://${text.startsWith(':') ? 'localhost' : ''}${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    problems.push({
      where: 'URL',
      message: `"${text}" is not an http or https URL`,
      remedy: 'Write one such as http://localhost:8080/path.',
    });
    return null;
  }
  const { protocol, hostname, pathname, search, username, password } = url;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  url.hash = '';
  return {
    url: url.href,
    path: pathname + search,
    authorization: username === '' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`,
    origin: {
      protocol,
      hostname,
      port: url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port),
    },
  };
}
