import type { Problem } from '../basis/problem.js';
import type { Scenario } from './scenario.js';
import type { TargetUrl } from './target-url.js';

/** What a load over WebSockets cannot be. */
export function webSocketProblems(
  { requests, http2, engine }: Pick<Scenario, 'requests' | 'http2' | 'engine'>,
  targets: readonly TargetUrl[],
): Problem[] {
  const over = targets.filter(({ origin }) => origin.webSocket === true);
  if (over.length === 0) return [];
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
    const message = 'undici has no WebSockets here';
    problems.push({ where: '--engine', message, remedy: 'Use uring, net or auto.' });
  }
  if (requests.some(({ stream }) => stream !== null)) {
    const message = 'a WebSocket has messages, and no stream of events in a response';
    problems.push({ where: '--stream', message, remedy: 'Leave it out.' });
  }
  if (requests.some(({ body }) => body === null)) {
    const message = 'a WebSocket is loaded with messages, and there is none';
    problems.push({ where: '--body', message, remedy: "Say what is sent: --body 'hello {seq}'." });
  }
  return problems;
}
