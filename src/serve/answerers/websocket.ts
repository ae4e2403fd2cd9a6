import { createHash } from 'node:crypto';
import type { Answerer } from './answerer.js';

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const maskBytes = 4;
/** Opcodes (RFC 6455 §5.2): those below are of a message. */
const firstOfControl = 8;
const close = 8;
const message = Buffer.from([0x81, 2, ...Buffer.from('ok')]);
const goodbye = Buffer.from([0x88, 0]);

/** Each message is answered with a short one, whatever it says. */
export class WebSocketAnswerer implements Answerer {
  readonly greeting = null;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;

  answer(octets: Buffer): Buffer {
    let came = Buffer.concat([this.#rest, octets]);
    const all: Buffer[] = [];
    if (!this.#isOpen) {
      const end = came.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = came;
        return Buffer.alloc(0);
      }
      this.#isOpen = true;
      all.push(acceptance(keyIn(came.toString('latin1', 0, end))));
      came = came.subarray(end + 4);
    }
    for (let length; (length = frameBytes(came)) <= came.length; came = came.subarray(length)) {
      const opcode = came[0]! & 15;
      const isWhole = (came[0]! & 0x80) !== 0;
      if (opcode === close) all.push(goodbye);
      else if (isWhole && opcode < firstOfControl) all.push(message);
    }
    this.#rest = came;
    return Buffer.concat(all);
  }
}

/** How long a client's frame is; Infinity: its head is not all here. */
function frameBytes(octets: Buffer): number {
  if (octets.length < 2) return Infinity;
  const short = octets[1]! & 0x7f;
  const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (octets.length < headBytes) return Infinity;
  const long = headBytes === 10 ? Number(octets.readBigUInt64BE(2)) : octets.readUInt16BE(2);
  return headBytes + maskBytes + (headBytes === 2 ? short : long);
}

/** What the client's handshake names as its key; empty where it names none. */
export function keyIn(head: string): string {
  return /^sec-websocket-key: *(.*)$/im.exec(head)?.[1]?.trim() ?? '';
}

/** The server's side of the handshake (RFC 6455 §4.2.2). */
export function acceptance(key: string): Buffer {
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}
