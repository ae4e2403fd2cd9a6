import { randomBytes } from 'node:crypto';
import type { Protocol } from '../codec.js';
import { RequestError } from '../http1/request-error.js';
import { halfBytesFor, Outbox, outboxBytes } from '../outbox.js';
import { reservedBytes, WebSocketCodec } from './codec.js';
import { maskBytes } from './frames.js';
import { Handshake } from './handshake.js';
import { Message } from './message.js';

/** WebSocket over HTTP/1.1's upgrade (RFC 6455); not over HTTP/2 (RFC 8441). */
export const webSocket: Protocol = {
  streams: () => 1,
  createCodec: (plan, slots, listener, allocate) => {
    // One mask for all of a thread: it hides a message from proxies on the way, of which there are none.
    const mask = randomBytes(maskBytes);
    const handshake = new Handshake(plan);
    const messages = plan.requests.map((request, k) => new Message(request, k, plan, mask));
    const longest = Math.max(handshake.mostBytes, ...messages.map(({ maxBytes }) => maxBytes));
    const half = halfBytesFor(slots, longest + reservedBytes);
    if (half < longest + reservedBytes) {
      throw new RequestError(
        `${slots} connections in one thread leave no room for messages of ${longest} octets; use fewer connections, or more --threads`,
      );
    }
    const outbox = new Outbox(allocate(outboxBytes(slots, half)), slots, half);
    return new WebSocketCodec(slots, outbox, handshake, messages, mask, plan.fanOut, listener);
  },
};
