import { createHash } from 'node:crypto';

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The Sec-WebSocket-Accept by which a server shows that it has read the client's key (RFC 6455 §4.2.2). */
export function acceptanceOf(key: string): string {
  return createHash('sha1').update(`${key}${guid}`).digest('base64');
}
