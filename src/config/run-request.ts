import type { Phase, RequestSpec } from '../load/plan.js';
import { defaultMemoryLimit, threadLimit, type ConnectionSettings } from './load-plan.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { readFlags, type ReadFlags, type RunFlags } from './run-flags.js';
import { openScenario } from './scenario-catalog.js';
import { defaultMethod } from './scenario-file.js';
import { loadBreaches, phaseBreaches, requestBreaches } from './scenario-rules.js';
import { scenarioDefaults, type Scenario } from './scenario.js';
import { overlayScenario } from './scenario-overlay.js';
import { expandPorts } from './url-ports.js';
import { parseTargetUrl, type TargetUrl, type UnresolvedOrigin } from './target-url.js';

/** What one `c1m run` asks for. */
export interface RunRequest {
  readonly scenario: Scenario;
  /** Empty where no URL was given: a target that c1m starts has its own. */
  readonly origins: readonly UnresolvedOrigin[];
  /** The URLs without credentials, to show and store. */
  readonly urls: readonly string[];
  readonly settings: ConnectionSettings;
}

// As many as oha and hey open: enough to keep a server of several cores busy, few enough that the
// queue in front of it does not become the latency that is measured.
const defaultConnections = 50;
const defaultDurationMicros = 10e6;

/** Settles flags, scenario and URLs. Throws a `ConfigError` with everything that is wrong. */
export async function readRunRequest(
  flags: RunFlags,
  urls: readonly string[],
): Promise<RunRequest> {
  const problems: Problem[] = [];
  const read = await readFlags(flags, problems);
  const targets = readUrls(urls, problems);
  const named = await readScenario(flags, problems);
  const base = named ?? plainScenario(read);
  const laid = overlayScenario(base, named !== null, read, flags, problems);
  const scenario = placeOnTargets(laid, targets, problems);
  if (flags.scenario === undefined || named !== null) {
    checkRequests(scenario, problems);
    checkLoad(scenario, read, isShapeKnown(problems), problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    scenario,
    origins: targets.map(({ origin }) => origin),
    urls: targets.map(({ href }) => href),
    settings: {
      threads: read.threads,
      verifyTls: flags.insecure !== true,
      connectRatePerSecond: read.connectRatePerSecond,
      localAddresses: read.localAddresses,
      memoryLimit: read.memoryLimit ?? defaultMemoryLimit,
    },
  };
}

function readUrls(urls: readonly string[], problems: Problem[]): TargetUrl[] {
  return urls.flatMap(expandPorts).flatMap((url) => {
    const parsed = parseTargetUrl(url);
    if ('origin' in parsed) return [parsed];
    problems.push(parsed);
    return [];
  });
}

async function readScenario(flags: RunFlags, problems: Problem[]): Promise<Scenario | null> {
  if (flags.scenario === undefined) return null;
  try {
    return await openScenario(flags.scenario);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** What the flags stand for where no scenario is named. */
function plainScenario(flags: ReadFlags): Scenario {
  const connections = Math.min(defaultConnections, flags.requests ?? Infinity);
  const method = defaultMethod(flags.body);
  return {
    ...scenarioDefaults,
    name: 'run',
    description: '',
    requests: [
      {
        name: method,
        method,
        path: '',
        headers: [],
        body: null,
        weight: 1,
        expect: { status: null, bodyContains: null },
      },
    ],
    data: null,
    phases: [
      {
        name: phaseName(flags),
        durationMicros: defaultDurationMicros,
        requests: null,
        connections: { from: connections, to: connections },
        arrival: { kind: 'closed' },
        record: true,
      },
    ],
    connectTimeoutMicros: scenarioDefaults.timeoutMicros,
    trials: 1,
  };
}

function phaseName({ rate }: ReadFlags): string {
  if (rate === null) return 'throughput';
  return rate.from === 0 && rate.to === 0 ? 'idle hold' : 'latency';
}

/**
 * Puts the URLs' path and credentials into the requests, which all URLs share: a request without a
 * path of its own has the URL's, one with a path goes below it.
 */
function placeOnTargets(
  scenario: Scenario,
  targets: readonly TargetUrl[],
  problems: Problem[],
): Scenario {
  const [first, ...others] = targets;
  if (first === undefined) return scenario;
  const differing = others.find(
    ({ path, authorization }) => path !== first.path || authorization !== first.authorization,
  );
  if (differing !== undefined) {
    problems.push({
      where: 'URL',
      message: `${first.href} and ${differing.href} differ in more than the host`,
      remedy: 'Give several URLs the same path and credentials; for several requests, a scenario.',
    });
  }
  if (first.path.includes('?') && scenario.requests.some(({ path }) => path !== '')) {
    problems.push({
      where: 'URL',
      message: `the query of ${first.href} has no place before the paths of the scenario`,
      remedy: 'Put it into the paths of the scenario.',
    });
  }
  const prefix = first.path.replace(/\/+$/, '');
  const requests = scenario.requests.map((request): RequestSpec => {
    const authorized = request.headers.some(([name]) => name.toLowerCase() === 'authorization');
    return {
      ...request,
      path: request.path === '' ? first.path : `${prefix}${request.path}`,
      headers:
        first.authorization === null || authorized
          ? request.headers
          : [['Authorization', first.authorization], ...request.headers],
    };
  });
  return { ...scenario, requests };
}

/** Where it is not, a rule about it would complain of what nobody wrote. */
function isShapeKnown(problems: readonly Problem[]): boolean {
  const shape = ['--connections', '--duration', '--requests', '--rate', '--warmup'];
  return !problems.some(({ where }) => shape.includes(where));
}

function checkRequests({ requests, data }: Scenario, problems: Problem[]): void {
  const places: Readonly<Record<string, string>> = { path: 'URL', headers: '--header' };
  for (const { key, message, remedy } of requests.flatMap((r) => requestBreaches(r, data))) {
    problems.push({ where: places[key] ?? `--${key}`, message, remedy });
  }
}

/** The rules that only show once everything is in its place. */
function checkLoad(
  scenario: Scenario,
  flags: ReadFlags,
  isShapeKnown: boolean,
  problems: Problem[],
): void {
  const breaches = [
    // The last is the one that the flags shape; a warm-up before it would only repeat its faults.
    ...scenario.phases.slice(-1).flatMap((phase) => (isShapeKnown ? phaseBreaches(phase) : [])),
    ...loadBreaches(scenario).filter(({ key }) => isShapeKnown || key === 'http2'),
  ];
  for (const { key, message, remedy } of breaches) {
    problems.push({ where: `--${key}`, message, remedy });
  }
  if (!isShapeKnown) return;
  const limit = threadLimit(scenario.phases);
  if (flags.threads !== null && flags.threads > limit) {
    problems.push({
      where: '--threads',
      message: `${flags.threads} threads cannot share ${fewest(scenario.phases, limit)}`,
      remedy: `Give at most ${limit}, or more connections.`,
    });
  }
}

function fewest(phases: readonly Phase[], limit: number): string {
  const ramps = phases.some(({ connections: { from, to } }) => from !== to);
  return `${limit} connection${limit === 1 ? '' : 's'}${ramps ? ', where the ramp is lowest' : ''}`;
}
