import { RequestError } from '../load/http1/request-error.js';
import { parseTemplate } from '../load/http1/template.js';
import type { DataTable, Phase, RequestSpec } from '../load/plan.js';
import type { Scenario } from './scenario.js';

/** A rule that a value breaks; `key` is the member to point at. */
export interface Breach {
  readonly key: string | number;
  readonly message: string;
  readonly remedy: string;
}

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
export function loadBreaches(
  load: Pick<Scenario, 'deadlineMicros' | 'engine' | 'http2' | 'phases'>,
): Breach[] {
  const breaches: Breach[] = [];
  if (load.deadlineMicros !== null && load.phases.every(({ arrival }) => arrival.kind !== 'open')) {
    breaches.push({
      key: 'deadline',
      message: 'a deadline sheds late requests of a rate, and there is no rate',
      remedy: 'Give a rate, or leave the deadline out; timeout bounds each request.',
    });
  }
  if (load.http2 && (load.engine === 'net' || load.engine === 'uring')) {
    breaches.push({
      key: 'http2',
      message: `the ${load.engine} engine speaks HTTP/1.1 only`,
      remedy: 'Use engine undici, or auto, for HTTP/2.',
    });
  }
  return breaches;
}

/** Rules about the placeholders of a request. */
export function placeholderBreaches(
  request: Pick<RequestSpec, 'path' | 'headers' | 'body'>,
  data: DataTable | null,
): Breach[] {
  const texts: [key: string, text: string][] = [
    ['path', request.path],
    ...request.headers.map(([, value]): [string, string] => ['headers', value]),
    ...(typeof request.body === 'string' ? [['body', request.body] as [string, string]] : []),
  ];
  return texts.flatMap(([key, text]) => {
    const breach = templateBreach(text, data);
    return breach === null ? [] : [{ key, ...breach }];
  });
}

function templateBreach(text: string, data: DataTable | null): Omit<Breach, 'key'> | null {
  try {
    parseTemplate(text, data?.columns ?? []);
    return null;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const [placeholder] = /^\{row\.[^}]*\}/.exec(error.message) ?? [];
    if (placeholder !== undefined && data === null) {
      return {
        message: `${placeholder} has no data to come from`,
        remedy: 'Name a CSV file in the scenario, such as data: users.csv.',
      };
    }
    const [message = '', ...remedy] = error.message.split('. ');
    return { message, remedy: remedy.join('. ') || 'See docs/scenarios.md for placeholders.' };
  }
}
