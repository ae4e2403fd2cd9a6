import type { Breach } from './breach.js';
import { PieceCompiler } from '../load/protocol/http1/piece-compiler.js';
import { RequestError } from '../load/protocol/http1/request-error.js';
import type { Place } from '../load/protocol/http1/slot.js';
import type { DataTable, Phase, RequestSpec } from '../load/plan.js';
import { fanOutBreaches } from './fan-out-rules.js';
import { pingPongBreaches } from './grpc-request.js';
import type { Scenario } from './scenario.js';
import { webSocketBreaches } from './websocket-rules.js';
import { lackingOf, undiciLacks } from './undici-lacks.js';

/** Rules about a phase's members together, when each is well-formed on its own. */
export function phaseBreaches(phase: Omit<Phase, 'name' | 'record'>): Breach[] {
  const { arrival, connections, durationMicros, requests } = phase;
  const breaches: Breach[] = [];
  if (arrival.kind === 'idle') {
    if (durationMicros === null) {
      breaches.push({
        key: 'duration',
        message: 'an idle hold (rate 0) has no duration',
        remedy: 'Say how long to hold the connections, such as duration 3s.',
      });
    }
    if (requests !== null) {
      breaches.push({
        key: 'requests',
        message: 'an idle hold (rate 0) sends no requests',
        remedy: 'Leave requests out, or give a rate above 0.',
      });
    }
    return breaches;
  }
  if (durationMicros === null && requests === null) {
    breaches.push({
      key: 'duration',
      message: 'neither duration nor requests says when it ends',
      remedy: 'Give a duration such as 10s, a number of requests, or both.',
    });
  }
  const ramps = [
    ...(connections.from === connections.to ? [] : ['connections']),
    ...(arrival.kind === 'open' && arrival.ratePerSecond.from !== arrival.ratePerSecond.to
      ? ['rate']
      : []),
  ];
  if (durationMicros !== null || requests === null) return breaches;
  for (const key of ramps) {
    breaches.push({
      key,
      message: `a ramp of ${key} has no duration to run over`,
      remedy: 'Give a duration beside requests; the phase ends with whichever comes first.',
    });
  }
  return breaches;
}

/** Rules about the whole load. */
export function loadBreaches(load: Omit<Scenario, 'name' | 'description' | 'failIf'>): Breach[] {
  const breaches = [...fanOutBreaches(load), ...webSocketBreaches(load), ...pingPongBreaches(load)];
  if (load.engine === 'undici') {
    breaches.push(...lackingOf(load).map((what) => ({ key: 'engine', ...undiciLacks(what) })));
  }
  if (load.deadlineMicros !== null && load.phases.every(({ arrival }) => arrival.kind !== 'open')) {
    breaches.push({
      key: 'deadline',
      message: 'a deadline sheds late requests of a rate, and there is no rate',
      remedy: 'Give a rate, or leave the deadline out; timeout bounds each request.',
    });
  }
  const { minVersion, maxVersion } = load.tls;
  if (minVersion === '1.3' && maxVersion === '1.2') {
    breaches.push({
      key: 'tls',
      member: 'min',
      message: 'the lowest version of TLS is above the highest',
      remedy: 'Leave one of the two out.',
    });
  }
  if (load.streams > 1 && !load.http2) {
    breaches.push({
      key: 'streams',
      message: 'a connection of HTTP/1.1 carries one request at a time',
      remedy: 'Ask for http2 as well, or for more connections instead.',
    });
  } else if (load.streams > 1 && !load.keepAlive) {
    breaches.push({
      key: 'streams',
      message: 'without keep-alive a connection carries one request',
      remedy: 'Leave one of the two out.',
    });
  }
  return breaches;
}

/** Rules about a request: of its placeholders, what its rows put in their places, its headers. */
export function requestBreaches(
  { path, headers, body }: Pick<RequestSpec, 'path' | 'headers' | 'body'>,
  data: DataTable | null,
): Breach[] {
  const breaches: Breach[] = [
    ...templateBreaches({ key: 'path' }, path, 'path', data),
    ...headers.flatMap(([member, value]) =>
      templateBreaches({ key: 'headers', member }, value, 'header', data),
    ),
    ...(typeof body === 'string' ? templateBreaches({ key: 'body' }, body, 'body', data) : []),
  ];
  if (headers.filter(([name]) => name.toLowerCase() === 'host').length > 1) {
    const message = 'Host is given twice, and a server may take either, or refuse both';
    breaches.push({ key: 'headers', message, remedy: 'Keep one of them.' });
  }
  return breaches;
}

function templateBreaches(
  at: Pick<Breach, 'key' | 'member'>,
  text: string,
  place: Place,
  data: DataTable | null,
): Breach[] {
  try {
    new PieceCompiler(data, 0).compile(text, place);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const [placeholder] = /^\{row\.[^}]*\}/.exec(error.message) ?? [];
    if (placeholder !== undefined && data === null) {
      const message = `${placeholder} has no data to come from`;
      const remedy = 'Name a CSV file in the scenario, such as data: users.csv.';
      return [{ ...at, message, remedy }];
    }
    const [message = '', ...rest] = error.message.split('. ');
    const remedy = rest.join('. ') || 'See docs/scenarios.md for placeholders.';
    return [{ ...at, message, remedy }];
  }
}
