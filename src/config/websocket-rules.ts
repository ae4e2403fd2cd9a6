import type { Problem } from '../basis/problem.js';
import type { Scenario } from './scenario.js';
import type { TargetUrl } from './target-url.js';
import { undiciLacks } from './undici-lacks.js';

const noFanOut: Problem = {
  where: '--fan-out',
  message: 'a fan-out is of WebSockets, where a server sends what nobody asked for',
  remedy: 'Give a URL of ws:// or wss://.',
};

/** What a load over WebSockets cannot be. */
export function webSocketProblems(
  {
    requests,
    phases,
    http2,
    engine,
    fanOut,
  }: Pick<Scenario, 'requests' | 'phases' | 'http2' | 'engine' | 'fanOut'>,
  targets: readonly TargetUrl[],
): Problem[] {
  const over = targets.filter(({ origin }) => origin.webSocket === true);
  if (over.length === 0) return fanOut && targets.length > 0 ? [noFanOut] : [];
  const problems: Problem[] = [];
  if (over.length < targets.length) {
    const message = 'WebSockets and requests of HTTP are not mixed in one run';
    problems.push({ where: 'URL', message, remedy: 'Give URLs of ws or wss only.' });
  }
  if (http2) {
    const message = 'c1m opens WebSockets over HTTP/1.1 (RFC 6455), not over HTTP/2 (RFC 8441)';
    problems.push({ where: '--http2', message, remedy: 'Leave it out.' });
  }
  if (engine === 'undici') {
    problems.push({ where: '--engine', ...undiciLacks('WebSockets') });
  }
  if (requests.some(({ stream }) => stream !== null)) {
    const message = 'a WebSocket has messages, and no stream of events in a response';
    problems.push({ where: '--stream', message, remedy: 'Leave it out.' });
  }
  const sends = phases.some(({ arrival }) => arrival.kind !== 'idle' || arrival.touch);
  if (sends && requests.some(({ body }) => body === null)) {
    const message = 'a WebSocket is loaded with messages, and there is none';
    problems.push({ where: '--body', message, remedy: "Say what is sent: --body 'hello {seq}'." });
  }
  return problems;
}
