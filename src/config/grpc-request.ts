import type { GrpcCall } from '../load/grpc-call.js';
import type { RequestSpec } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
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
    expect: { ...request.expect, status: request.expect.status ?? 200 },
    grpc,
  };
}

/** What a load of calls cannot be. */
export function grpcProblems(
  { requests, engine }: Pick<Scenario, 'requests' | 'engine'>,
  targets: readonly TargetUrl[],
): Problem[] {
  const calls = requests.filter(({ grpc }) => grpc !== undefined);
  if (calls.length === 0) return [];
  const problems: Problem[] = [];
  if (calls.length < requests.length) {
    const message = 'calls of gRPC and other requests are not mixed in one run';
    problems.push({ where: 'requests', message, remedy: 'Give each of them a call, or none.' });
  }
  if (engine === 'undici') {
    const message = 'undici has no gRPC here';
    problems.push({ where: '--engine', message, remedy: 'Use uring, net or auto.' });
  }
  if (targets.some(({ origin }) => origin.webSocket === true)) {
    const message = 'gRPC goes over HTTP/2, not over WebSockets';
    problems.push({ where: 'URL', message, remedy: 'Write http:// or https://.' });
  }
  return problems;
}
