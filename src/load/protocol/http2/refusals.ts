import type { RequestSpec } from '../../plan.js';
import { RequestError } from '../http1/request-error.js';

const ofConnections = ['connection', 'proxy-connection', 'keep-alive', 'upgrade', 'http2-settings'];

/**
 * HTTP/2 has no fields that are about the connection (RFC 9113 §8.2.2).
 * @throws RequestError for a request that has one
 */
export function refuseConnectionFields(requests: readonly RequestSpec[]): void {
  for (const { headers } of requests) {
    for (const [name, value] of headers) {
      const lower = name.toLowerCase();
      if (!ofConnections.includes(lower) && !(lower === 'te' && value !== 'trailers')) continue;
      const instead = lower === 'connection' ? 'use --no-keepalive' : 'leave it out';
      throw new RequestError(
        `HTTP/2 has no header "${name}: ${value}"; ${instead}, or do without --http2`,
      );
    }
  }
}
