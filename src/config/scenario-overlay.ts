import type { Ramp } from '../basis/ramp.js';
import type { Arrival, Phase, RequestSpec } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
import type { ReadFlags, RunFlags } from './run-flags.js';
import type { Scenario } from './scenario.js';

/**
 * Lays the flags over a scenario. A flag about the shape of the load needs a scenario of one phase,
 * and one about the request a scenario of one request: elsewhere it would be a guess which is meant.
 */
export function overlayScenario(
  scenario: Scenario,
  named: boolean,
  flags: ReadFlags,
  written: RunFlags,
  problems: Problem[],
): Scenario {
  if (named) problems.push(...conflicts(scenario, written));
  const timeoutMicros = flags.timeoutMicros ?? scenario.timeoutMicros;
  return {
    ...scenario,
    requests: overlayRequests(scenario.requests, flags),
    phases: overlayPhases(scenario.phases, flags, problems),
    keepAlive: written.keepalive === false ? false : scenario.keepAlive,
    timeoutMicros,
    connectTimeoutMicros:
      flags.connectTimeoutMicros ?? flags.timeoutMicros ?? scenario.connectTimeoutMicros,
    deadlineMicros: flags.deadlineMicros ?? scenario.deadlineMicros,
    engine: flags.engine ?? scenario.engine,
    http2: written.http2 ?? scenario.http2,
    seed: flags.seed ?? scenario.seed,
    failIf: [...scenario.failIf, ...flags.failIf],
  };
}

function conflicts(scenario: Scenario, written: RunFlags): Problem[] {
  const { connections, duration, requests, rate, warmup, method, body, bodyFile } = written;
  const problems: Problem[] = [];
  const refuse = (flags: Readonly<Record<string, unknown>>, what: string, count: number): void => {
    if (count === 1) return;
    for (const [flag, value] of Object.entries(flags)) {
      if (value === undefined) continue;
      problems.push({
        where: flag,
        message: `${flag} and --scenario ${scenario.name} conflict: it has ${count} ${what}s`,
        remedy: `Leave ${flag} out, or change the ${what}s in a copy of the scenario file.`,
      });
    }
  };
  const shape = { '--connections': connections, '--duration': duration, '--requests': requests };
  refuse({ ...shape, '--rate': rate, '--warmup': warmup }, 'phase', scenario.phases.length);
  const request = { '--method': method, '--body': body, '--body-file': bodyFile };
  refuse(request, 'request', scenario.requests.length);
  return problems;
}

function overlayRequests(requests: readonly RequestSpec[], flags: ReadFlags): RequestSpec[] {
  const named = new Set(flags.headers.map(([name]) => name.toLowerCase()));
  return requests.map((request) => ({
    ...request,
    headers: [
      ...request.headers.filter(([name]) => !named.has(name.toLowerCase())),
      ...flags.headers,
    ],
    method: flags.method ?? request.method,
    body: flags.body ?? request.body,
  }));
}

function overlayPhases(
  phases: readonly Phase[],
  flags: ReadFlags,
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
