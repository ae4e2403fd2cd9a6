import type { Ramp } from '../basis/ramp.js';
import type { Arrival, Phase, RequestSpec } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
import type { AskedLoad } from './asked-load.js';
import { asCall } from './grpc-request.js';
import type { Scenario } from './scenario.js';

/**
 * Lays what is asked for over a scenario. A flag about the shape of the load needs a scenario of one phase,
 * and one about the request a scenario of one request: elsewhere it would be a guess which is meant.
 */
export function overlayScenario(
  scenario: Scenario,
  flags: AskedLoad,
  problems: Problem[],
): Scenario {
  if (flags.scenario !== null) problems.push(...conflicts(scenario, flags));
  const timeoutMicros = flags.timeoutMicros ?? scenario.timeoutMicros;
  return {
    ...scenario,
    requests: overlayRequests(scenario.requests, flags),
    phases: overlayPhases(scenario.phases, flags, problems),
    keepAlive: flags.keepAlive ?? scenario.keepAlive,
    timeoutMicros,
    connectTimeoutMicros:
      flags.connectTimeoutMicros ?? flags.timeoutMicros ?? scenario.connectTimeoutMicros,
    deadlineMicros: flags.deadlineMicros ?? scenario.deadlineMicros,
    engine: flags.engine ?? scenario.engine,
    tls: { ...scenario.tls, ...flags.tls },
    unix: flags.unix ?? scenario.unix,
    proxyProtocol: flags.proxyProtocol ?? scenario.proxyProtocol,
    http2: flags.http2 ?? scenario.http2,
    webSocket: flags.webSocket ?? scenario.webSocket,
    fanOut: flags.fanOut ?? scenario.fanOut,
    streams: flags.streams ?? scenario.streams,
    seed: flags.seed ?? scenario.seed,
    failIf: [...scenario.failIf, ...flags.failIf],
  };
}

function conflicts(scenario: Scenario, asked: AskedLoad): Problem[] {
  const { connections, durationMicros, requests, rate, warmupMicros, method, body, grpc } = asked;
  const problems: Problem[] = [];
  const refuse = (flags: Readonly<Record<string, unknown>>, what: string, count: number): void => {
    if (count === 1) return;
    for (const [flag, value] of Object.entries(flags)) {
      if (value === null) continue;
      problems.push({
        where: flag,
        message: `${flag} and --scenario ${scenario.name} conflict: it has ${count} ${what}s`,
        remedy: `Leave ${flag} out, or change the ${what}s in a copy of the scenario file.`,
      });
    }
  };
  const sizes = { '--connections': connections, '--duration': durationMicros };
  const shape = { ...sizes, '--requests': requests, '--rate': rate, '--warmup': warmupMicros };
  refuse(shape, 'phase', scenario.phases.length);
  const request = { '--method': method, '--grpc': grpc, [body?.flag ?? '--body']: body };
  refuse(request, 'request', scenario.requests.length);
  return problems;
}

function overlayRequests(requests: readonly RequestSpec[], flags: AskedLoad): RequestSpec[] {
  const named = new Set(flags.headers.map(([name]) => name.toLowerCase()));
  return requests.map((request) => {
    const laid = overlayRequest(request, named, flags);
    return flags.grpc === null ? laid : asCall(laid, flags.grpc);
  });
}

function overlayRequest(
  request: RequestSpec,
  named: ReadonlySet<string>,
  flags: AskedLoad,
): RequestSpec {
  return {
    ...request,
    headers: [
      ...request.headers.filter(([name]) => !named.has(name.toLowerCase())),
      ...flags.headers,
    ],
    method: flags.method ?? request.method,
    body: flags.body?.content ?? request.body,
    stream: flags.stream ?? request.stream,
  };
}

function overlayPhases(
  phases: readonly Phase[],
  flags: AskedLoad,
  problems: Problem[],
): readonly Phase[] {
  const [only, ...others] = phases;
  if (only === undefined || others.length > 0) return phases;
  const arrival = overlayArrival(only.arrival, flags.rate);
  // A number of requests says by itself when the phase ends.
  const ends = flags.requests !== null && arrival.kind !== 'idle';
  const phase: Phase = {
    ...only,
    durationMicros: flags.durationMicros ?? (ends ? null : only.durationMicros),
    requests: flags.requests ?? only.requests,
    connections: flags.connections ?? only.connections,
    arrival,
  };
  if (flags.warmupMicros === null) return [phase];
  if (arrival.kind === 'idle') {
    problems.push({
      where: '--warmup',
      message: 'an idle hold (rate 0) sends nothing to warm up with',
      remedy: 'Leave --warmup out.',
    });
  }
  const warmUp = { name: 'warm-up', durationMicros: flags.warmupMicros, requests: null };
  return [{ ...phase, ...warmUp, record: false }, phase];
}

function overlayArrival(arrival: Arrival, rate: Ramp | null): Arrival {
  if (rate === null) return arrival;
  if (rate.from > 0 || rate.to > 0) return { kind: 'open', ratePerSecond: rate };
  return arrival.kind === 'idle' ? arrival : { kind: 'idle', touch: false };
}
