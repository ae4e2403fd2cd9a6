import type { Problem } from '../basis/problem.js';
import type { Breach } from './breach.js';
import type { Scenario } from './scenario.js';
import type { TargetUrl } from './target-url.js';
import { undiciLacks } from './undici-lacks.js';

const noFanOut: Problem = {
  where: '--fan-out',
  message: 'a fan-out is of WebSockets, where a server sends what nobody asked for',
  remedy: 'Give a URL of ws:// or wss://, or ask for the --websocket of a target.',
};

type WebSocketLoad = Pick<
  Scenario,
  'requests' | 'phases' | 'http2' | 'engine' | 'fanOut' | 'webSocket'
>;

/** What does not go with URLs, some of which may be of WebSockets. */
export function webSocketProblems(load: WebSocketLoad, targets: readonly TargetUrl[]): Problem[] {
  // Then it is said of all of them, and what it cannot be is told where the load is looked at.
  if (load.webSocket) return [];
  const over = targets.filter(({ origin }) => origin.webSocket === true);
  if (over.length === 0) return load.fanOut && targets.length > 0 ? [noFanOut] : [];
  const problems: Problem[] = [];
  if (over.length < targets.length) {
    const message = 'WebSockets and requests of HTTP are not mixed in one run';
    problems.push({ where: 'URL', message, remedy: 'Give URLs of ws or wss only.' });
  }
  const breaches = webSocketBreaches({ ...load, webSocket: true });
  return [
    ...problems,
    ...breaches.map(({ key, message, remedy }) => ({ where: `--${String(key)}`, message, remedy })),
  ];
}

/** What a load over WebSockets cannot be. */
export function webSocketBreaches(load: WebSocketLoad): Breach[] {
  const { requests, phases, http2, engine } = load;
  if (!load.webSocket) return [];
  const breaches: Breach[] = [];
  if (http2) {
    const message = 'c1m opens WebSockets over HTTP/1.1 (RFC 6455), not over HTTP/2 (RFC 8441)';
    breaches.push({ key: 'http2', message, remedy: 'Leave it out.' });
  }
  if (engine === 'undici') {
    breaches.push({ key: 'engine', ...undiciLacks('WebSockets') });
  }
  const streaming = requests.findIndex(({ stream }) => stream !== null);
  if (streaming >= 0) {
    const message = 'a WebSocket has messages, and no stream of events in a response';
    breaches.push({ key: 'stream', request: streaming, message, remedy: 'Leave it out.' });
  }
  const sends = phases.some(({ arrival }) => arrival.kind !== 'idle' || arrival.touch);
  const silent = requests.findIndex(({ body }) => body === null);
  if (sends && silent >= 0) {
    const message = 'a WebSocket is loaded with messages, and there is none';
    const remedy = "Say what is sent: --body 'hello {seq}', or body in a scenario.";
    breaches.push({ key: 'body', request: silent, message, remedy });
  }
  return breaches;
}
