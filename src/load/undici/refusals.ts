import { Client } from 'undici';
import { compileRequests } from '../protocol/http1/request-encoder.js';
import { RequestError } from '../protocol/http1/request-error.js';
import { refuseConnectionFields } from '../protocol/http2/refusals.js';
import type { LoadPlan } from '../plan.js';

/**
 * undici refuses some requests that the other engines send, each time anew. What it, or HTTP/2, will
 * not take is told before the load, and not counted as failed.
 * @throws RequestError
 */
export function refuseUnsendable(plan: LoadPlan): void {
  if (plan.http2) refuseConnectionFields(plan.requests);
  // It never connects: what undici refuses, it refuses before.
  const client = new Client('http://127.0.0.1', { connect: () => undefined });
  for (const origin of plan.origins) {
    for (const [index, compiled] of compileRequests(plan, origin).entries()) {
      client.dispatch(compiled.materialize(0), {
        onRequestStart: () => undefined,
        onResponseError: (_controller, { message }) => {
          throw new RequestError(
            `The engine undici does not send request ${index + 1}: ${message}. Leave that out, or use --engine net`,
          );
        },
      });
    }
  }
}
