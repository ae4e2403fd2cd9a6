import type { GrpcCall } from '../load/grpc-call.js';
import type { RequestSpec } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
import type { Breach } from './breach.js';
import type { Scenario } from './scenario.js';
import type { TargetUrl } from './target-url.js';

/**
 * The request that a call is: POST to the method's path, with messages as its content. Metadata are
 * its headers.
 */
export function asCall<R extends Omit<RequestSpec, 'name'>>(request: R, grpc: GrpcCall): R {
  const named = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const own = [
    ['Content-Type', 'application/grpc'],
    // That trailers arrive, whatever stands in between.
    ['TE', 'trailers'],
  ] as const;
  return {
    ...request,
    method: 'POST',
    path: `/${grpc.method}`,
    headers: [...own.filter(([name]) => !named.has(name.toLowerCase())), ...request.headers],
    body: null,
    // A message has none.
    expect: { ...request.expect, status: request.expect.status ?? (grpc.pingPong ? null : 200) },
    grpc,
  };
}

/** What a load of calls cannot be. */
export function grpcProblems(
  { requests }: Pick<Scenario, 'requests'>,
  targets: readonly TargetUrl[],
): Problem[] {
  const calls = requests.filter(({ grpc }) => grpc !== undefined);
  if (calls.length === 0) return [];
  const problems: Problem[] = [];
  if (calls.length < requests.length) {
    const message = 'calls of gRPC and other requests are not mixed in one run';
    problems.push({ where: 'requests', message, remedy: 'Give each of them a call, or none.' });
  }
  if (targets.some(({ origin }) => origin.webSocket === true)) {
    const message = 'gRPC goes over HTTP/2, not over WebSockets';
    problems.push({ where: 'URL', message, remedy: 'Write http:// or https://.' });
  }
  return problems;
}

/** What messages on calls that are held open cannot be. */
export function pingPongBreaches({
  requests,
  keepAlive,
}: Pick<Scenario, 'requests' | 'keepAlive'>): Breach[] {
  const [first] = requests;
  if (first?.grpc?.pingPong !== true) return [];
  const openedBy = ({ path, headers }: RequestSpec): string => JSON.stringify([path, headers]);
  const found: (Omit<Breach, 'key'> | null)[] = [
    requests.every((request) => openedBy(request) === openedBy(first))
      ? null
      : {
          message: 'all messages go on the same calls, and here are several methods or metadata',
          remedy: 'Give all requests the same call and headers; their messages may differ.',
        },
    keepAlive
      ? null
      : {
          message: 'a call that is held open keeps its connection',
          remedy: 'Leave out --no-keepalive, or keepAlive: false.',
        },
    requests.every(({ expect }) => expect.status === null)
      ? null
      : {
          message: 'a message has no status of HTTP that could be expected',
          remedy: 'Leave expect.status out; bodyContains may stay.',
        },
  ];
  return found
    .filter((breach) => breach !== null)
    .map((breach) => ({ key: 'pingPong', ...breach }));
}
