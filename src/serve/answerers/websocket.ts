import { acceptanceOf } from '../../load/protocol/websocket/acceptance.js';
import {
  finalBit,
  lengthBits,
  maskBytes,
  Opcode,
  opcodeBits,
} from '../../load/protocol/websocket/frames.js';
import type { Answerer } from './answerer.js';

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
      const opcode = came[0]! & opcodeBits;
      const isWhole = (came[0]! & finalBit) !== 0;
      if (opcode === Opcode.close) all.push(goodbye);
      else if (isWhole && opcode < Opcode.close) all.push(message);
    }
    this.#rest = came;
    return Buffer.concat(all);
  }
}

/** How long a client's frame is; Infinity: its head is not all here. */
function frameBytes(octets: Buffer): number {
  if (octets.length < 2) return Infinity;
  const short = octets[1]! & lengthBits;
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
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptanceOf(key)}\r\n\r\n`,
  );
}
