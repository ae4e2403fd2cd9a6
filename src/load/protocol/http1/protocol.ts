import type { Protocol } from '../codec.js';
import { Http1Codec } from './codec.js';

/** HTTP/1.1: one request at a time on each connection (RFC 9112 §9.3; it is not pipelined). */
export const http1: Protocol = {
  streams: () => 1,
  createCodec: (plan, slots, listener) => new Http1Codec(plan, slots, listener),
};
