import * as ws from 'ws';
import { FrameReader } from '../../../../src/load/protocol/websocket/frame-reader.js';

/** What a reader tells, pieces of a message joined. */
export function told(stream: Uint8Array, cuts: readonly number[]): string[] {
  const events: string[] = [];
  let pieces: Uint8Array[] = [];
  const reader = new FrameReader(1, {
    data: (_, bytes, start, end, ends) => {
      pieces.push(bytes.slice(start, end));
      if (!ends) return;
      events.push(`message ${Buffer.concat(pieces).toString('hex')}`);
      pieces = [];
    },
    control: (_, opcode, payload) => {
      events.push(`control ${opcode} ${Buffer.from(payload).toString('hex')}`);
    },
    badFrame: (connection, code) => {
      events.push(`bad ${code}`);
      reader.forget(connection);
    },
  });
  const ends = [...cuts, stream.length];
  let start = 0;
  for (const end of ends) {
    reader.read(0, stream, start, end);
    start = end;
    if (events.at(-1)?.startsWith('bad') === true) break;
  }
  return events;
}

const { Sender } = ws as unknown as {
  Sender: { frame: (data: Buffer, how: object) => Buffer[] };
};

/** A frame as the package `ws` makes it for a server. */
export function frame(payload: Uint8Array, opcode: number, fin: boolean): Uint8Array {
  const options = { fin, opcode, mask: false, readOnly: false, rsv1: false };
  return Buffer.concat(Sender.frame(Buffer.from(payload), options));
}
