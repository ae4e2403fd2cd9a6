import { Client } from 'undici';
import { compileRequests } from '../protocol/http1/request-encoder.js';
import { RequestError } from '../protocol/http1/request-error.js';
import type { LoadPlan, RequestSpec } from '../plan.js';

/** HTTP/2 has none of these (RFC 9113 §8.2.2). */
const ofConnections = ['connection', 'proxy-connection', 'keep-alive', 'upgrade', 'http2-settings'];

/**
 * undici refuses some requests that the other engines send, each time anew. What it, or HTTP/2, will
 * not take is told before the load, and not counted as failed.
 * @throws RequestError
 */
export function refuseUnsendable(plan: LoadPlan): void {
  for (const request of plan.requests) {
    if (plan.http2) refuseConnectionFields(request);
  }
  // It never connects: what undici refuses, it refuses before.
  const client = new Client('http://127.0.0.1', { connect: () => undefined });
  for (const origin of plan.origins) {
    for (const [index, compiled] of compileRequests(plan, origin).entries()) {
      client.dispatch(compiled.materialize(0), {
        onRequestStart: () => undefined,
        onResponseError: (_controller, { message }) => {
          throw new RequestError(
            `The engine undici does not send request ${index + 1}: ${message}. Leave that out, or use --engine net${plan.http2 ? ' without --http2' : ''}`,
          );
        },
      });
    }
  }
}

function refuseConnectionFields({ headers }: RequestSpec): void {
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!ofConnections.includes(lower) && !(lower === 'te' && value !== 'trailers')) continue;
    const instead = lower === 'connection' ? 'use --no-keepalive' : 'leave it out';
    throw new RequestError(
      `HTTP/2 has no header "${name}: ${value}"; ${instead}, or do without --http2`,
    );
  }
}
