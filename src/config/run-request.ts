import type { Phase, RequestSpec } from '../load/plan.js';
import type { Detours } from '../load/detours.js';
import { defaultMemoryLimit, threadLimit, type ConnectionSettings } from './load-plan.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { AskedLoad } from './asked-load.js';
import { readFlags, type RunFlags } from './run-flags.js';
import { defaultMethod } from './scenario-file.js';
import { loadBreaches, phaseBreaches, requestBreaches } from './scenario-rules.js';
import { scenarioDefaults, type Scenario } from './scenario.js';
import { grpcProblems } from './grpc-request.js';
import { unixProblems } from './unix-rules.js';
import { webSocketProblems } from './websocket-rules.js';
import { overlayScenario } from './scenario-overlay.js';
import { expandPorts } from './url-ports.js';
import { parseTargetUrl, type TargetUrl } from './target-url.js';

/** A load that is settled, apart from whom it is of. */
export interface RunRequest {
  readonly scenario: Scenario;
  readonly settings: ConnectionSettings;
  readonly detours: Detours;
}

// As many as oha and hey open: enough to keep a server of several cores busy, few enough that the
// queue in front of it does not become the latency that is measured.
const defaultConnections = 50;
const defaultDurationMicros = 10e6;

/** Reads flags and URLs, and settles them. Throws a ConfigError with everything that is wrong. */
export async function readRunRequest(
  flags: RunFlags,
  urls: readonly string[],
): Promise<RunRequest & { readonly targets: readonly TargetUrl[] }> {
  const problems: Problem[] = [];
  const ofUrls: Problem[] = [];
  const targets = readUrls(urls, ofUrls);
  const asked = await readFlags(flags, targets, problems);
  problems.push(...ofUrls);
  return { ...settleRun(asked, targets, problems), targets };
}

/**
 * Lays what is asked for over the scenario, and places it on the URLs.
 * @param targets none for a target that c1m starts, which has its own
 * @param problems what is known already to be wrong
 * @throws ConfigError with all that is wrong
 */
export function settleRun(
  asked: AskedLoad,
  targets: readonly TargetUrl[],
  problems: Problem[],
): RunRequest {
  // Without the scenario that was meant, the rest would be complaints of another one.
  if (problems.some(({ where }) => where === '--scenario')) throw new ConfigError(problems);
  const laid = overlayScenario(asked.scenario ?? plainScenario(asked), asked, problems);
  const scenario = placeOnTargets(laid, targets, problems);
  checkRequests(scenario, problems);
  checkLoad(scenario, asked, isShapeKnown(problems), problems);
  problems.push(...webSocketProblems(scenario, targets), ...grpcProblems(scenario, targets));
  problems.push(...unixProblems(scenario, asked, targets));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    scenario,
    detours: asked.detours,
    settings: {
      threads: asked.threads,
      connectRatePerSecond: asked.connectRatePerSecond,
      localAddresses: asked.localAddresses,
      memoryLimit: asked.memoryLimit ?? defaultMemoryLimit,
    },
  };
}

/** Several ports are several URLs. */
export function readUrls(urls: readonly string[], problems: Problem[]): TargetUrl[] {
  return urls.flatMap(expandPorts).flatMap((url) => {
    const parsed = parseTargetUrl(url);
    if ('origin' in parsed) return [parsed];
    problems.push(parsed);
    return [];
  });
}

/** What the flags stand for where no scenario is named. */
function plainScenario(asked: AskedLoad): Scenario {
  const connections = Math.min(defaultConnections, asked.requests ?? Infinity);
  const method = asked.grpc?.method ?? defaultMethod(asked.body?.content ?? null);
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
        stream: null,
      },
    ],
    data: null,
    phases: [
      {
        name: phaseName(asked),
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

function phaseName({ rate }: AskedLoad): string {
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
  // No URL says of a target that c1m starts what its connections are.
  if (first === undefined) return { ...scenario, webSocket: scenario.webSocket || scenario.fanOut };
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
  asked: AskedLoad,
  isShapeKnown: boolean,
  problems: Problem[],
): void {
  const breaches = [
    // The last is the one that the flags shape; a warm-up before it would only repeat its faults.
    ...scenario.phases.slice(-1).flatMap((phase) => (isShapeKnown ? phaseBreaches(phase) : [])),
    ...loadBreaches(scenario).filter(({ key }) => isShapeKnown || key !== 'deadline'),
  ];
  for (const { key, member, message, remedy } of breaches) {
    const name = String(key).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const flag = member === undefined ? name : `${name}-${member}`;
    problems.push({ where: `--${flag}`, message, remedy });
  }
  if (!isShapeKnown) return;
  const limit = threadLimit(scenario.phases);
  if (asked.threads !== null && asked.threads > limit) {
    problems.push({
      where: '--threads',
      message: `${asked.threads} threads cannot share ${fewest(scenario.phases, limit)}`,
      remedy: `Give at most ${limit}, or more connections.`,
    });
  }
}

function fewest(phases: readonly Phase[], limit: number): string {
  const ramps = phases.some(({ connections: { from, to } }) => from !== to);
  return `${limit} connection${limit === 1 ? '' : 's'}${ramps ? ', where the ramp is lowest' : ''}`;
}
