import { ExchangeNumbers } from '../../exchange-numbers.js';
import type { Protocol } from '../codec.js';
import { RequestError } from '../http1/request-error.js';
import { halfBytesFor, Outbox, outboxBytes } from '../outbox.js';
import { Http2Codec } from './codec.js';
import { prefaceBytes, reservedBytes } from './frame-writer.js';
import { leastPiece } from './sender.js';
import { compileRequests, type Http2Request } from './request.js';

/** Of content, at one time. */
const mostContentAtOnce = 32 * 1024;

/** HTTP/2, by ALPN over TLS, and else by prior knowledge (RFC 9113 §3). */
export const http2: Protocol = {
  streams: (plan) => plan.streams,
  createCodec: (plan, slots, listener, allocate) => {
    const requests = plan.origins.map((origin) => compileRequests(plan, origin));
    const numbers = new ExchangeNumbers(slots, plan.streams);
    const half = halfBytesFor(slots, wantedBytes(requests.flat(), plan.streams));
    const least = leastBytes(requests.flat());
    if (half < least) {
      throw new RequestError(
        `${slots} connections in one thread leave no room for requests with ${least} octets of head; use fewer connections, or more --threads`,
      );
    }
    const outbox = new Outbox(allocate(outboxBytes(slots, half)), slots, half);
    return new Http2Codec(requests, numbers, outbox, listener);
  },
};

/** A request's head goes in one piece, and of content there is always a piece to send. */
function leastBytes(requests: readonly Http2Request[]): number {
  const head = Math.max(...requests.map((request) => request.maxHeadFrameBytes));
  const content = Math.max(...requests.map(({ body }) => body?.maxBytes ?? 0));
  return reservedBytes + prefaceBytes + Math.max(head, Math.min(content, leastPiece) + 16);
}

/** All streams may send at once, but long content goes in parts. */
function wantedBytes(requests: readonly Http2Request[], streams: number): number {
  const head = Math.max(...requests.map((request) => request.maxHeadFrameBytes));
  const content = Math.max(...requests.map(({ body }) => body?.maxBytes ?? 0));
  const each = head + (content > 0 ? content + 16 : 0);
  const all = Math.min(each * streams, Math.max(head * 2, mostContentAtOnce));
  return reservedBytes + prefaceBytes + all;
}
