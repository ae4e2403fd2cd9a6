import { randomBytes } from 'node:crypto';

import { acceptanceOf } from '../../load/protocol/websocket/acceptance.js';
import { demand, head, RawConnection, type Parser } from './raw-connection.js';

/** Opcodes of RFC 6455 §5.2. */
const opcodes = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
type Kind = keyof typeof opcodes;

export interface FrameSpec {
  readonly kind: Kind | 'reserved';
  readonly payload?: string | Uint8Array;
  /** Not the last frame of its message. */
  readonly unfinished?: boolean;
  readonly reservedBit?: boolean;
  /** Of the payload, where the frame says another one than it has. */
  readonly saidLength?: number;
}

interface Frame {
  kind: Kind;
  payload: Buffer;
  last: boolean;
}

export interface Message {
  kind: 'text' | 'binary';
  payload: Buffer;
}

/** A WebSocket on which every octet is the check's own, as RawConnection is for HTTP. */
export class RawWebSocket {
  private constructor(readonly connection: RawConnection) {}

  static async open(url: URL, path: string): Promise<RawWebSocket> {
    const connection = await RawConnection.open(url);
    const key = randomBytes(16).toString('base64');
    connection.send(handshake(path, key));
    return RawWebSocket.#opened(connection, path, key);
  }

  /** The handshake in single bytes. */
  static async openBytewise(url: URL, path: string): Promise<RawWebSocket> {
    const connection = await RawConnection.open(url);
    const key = randomBytes(16).toString('base64');
    await connection.sendBytewise(handshake(path, key));
    return RawWebSocket.#opened(connection, path, key);
  }

  static async #opened(connection: RawConnection, path: string, key: string) {
    const { status, headers } = await connection.responseHead();
    demand(status === 101, `the handshake of ${path} was answered with ${status}, not 101`);
    const upgrade = headers.get('upgrade') ?? 'none';
    demand(/^websocket$/i.test(upgrade), `the handshake of ${path} has Upgrade: ${upgrade}`);
    const accepted = headers.get('sec-websocket-accept');
    demand(
      accepted === acceptanceOf(key),
      `Sec-WebSocket-Accept of ${path} is not that of the key`,
    );
    const extensions = headers.get('sec-websocket-extensions');
    demand(
      extensions === undefined,
      `${path} has the extension ${extensions}, and none was offered`,
    );
    return new RawWebSocket(connection);
  }

  send(kind: Message['kind'], payload: string | Uint8Array): void {
    this.connection.send(frame({ kind, payload }));
  }

  /** The beginning of a message whose end is not sent. */
  sendPart(): void {
    this.connection.send(frame({ kind: 'binary', payload: 'half of it', saidLength: 1000 }));
  }

  frame(timeoutMs?: number): Promise<Frame> {
    return this.connection.take('frame', parseFrame, timeoutMs);
  }

  /** The next message, whatever frames it comes in. */
  async message(timeoutMs?: number): Promise<Message> {
    const first = await this.frame(timeoutMs);
    const { kind } = first;
    demand(kind === 'text' || kind === 'binary', `a ${kind} frame came where a message was due`);
    const parts = [first.payload];
    for (let { last } = first; !last;) {
      const next = await this.frame(timeoutMs);
      demand(next.kind === 'more', `a ${next.kind} frame came in the middle of a message`);
      parts.push(next.payload);
      last = next.last;
    }
    return { kind, payload: Buffer.concat(parts) };
  }

  close(): void {
    this.connection.close();
  }

  reset(): void {
    this.connection.reset();
  }
}

/** A request for a WebSocket (RFC 6455 §4.1). */
export function handshake(path: string, key: string, version = '13'): string {
  return head(
    'GET',
    path,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    `Sec-WebSocket-Version: ${version}`,
  );
}

const reservedOpcode = 3;

/** A frame as a client sends it, or must not (RFC 6455 §5.2). */
export function frame(spec: FrameSpec): Buffer {
  const { kind, unfinished = false, reservedBit = false } = spec;
  const payload = Buffer.from(spec.payload ?? '');
  const opcode = kind === 'reserved' ? reservedOpcode : opcodes[kind];
  const first = (unfinished ? 0 : 0x80) | (reservedBit ? 0x40 : 0) | opcode;
  const length = lengthOf(spec.saidLength ?? payload.length);
  length[0]! |= 0x80;
  const mask = randomBytes(4);
  const masked = payload.map((octet, index) => octet ^ mask[index % 4]!);
  return Buffer.concat([Uint8Array.of(first), length, mask, masked]);
}

function lengthOf(octets: number): Buffer {
  if (octets < 126) return Buffer.of(octets);
  if (octets < 65_536) return Buffer.of(126, octets >> 8, octets & 0xff);
  const length = Buffer.alloc(9, 127);
  length.writeBigUInt64BE(BigInt(octets), 1);
  return length;
}

const kinds = new Map<number, Kind>(
  Object.entries(opcodes).map(([kind, opcode]) => [opcode, kind as Kind]),
);

const parseFrame: Parser<Frame> = (received) => {
  if (received.length < 2) return null;
  const kind = kinds.get(received[0]! & 0x0f);
  demand((received[0]! & 0x70) === 0, 'a frame has a reserved bit');
  demand(kind !== undefined, `a frame has the opcode ${received[0]! & 0x0f}`);
  demand((received[1]! & 0x80) === 0, 'a frame of the server is masked');
  const short = received[1]!;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (received.length < start) return null;
  const length =
    short < 126
      ? short
      : short === 126
        ? received.readUInt16BE(2)
        : Number(received.readBigUInt64BE(2));
  if (received.length < start + length) return null;
  const payload = received.subarray(start, start + length);
  return {
    value: { kind, payload, last: (received[0]! & 0x80) !== 0 },
    octets: start + length,
  };
};
