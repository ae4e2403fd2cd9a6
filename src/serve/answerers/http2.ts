import {
  defaultWindow,
  FrameFlag,
  frameHeadBytes,
  frameOf,
  FrameType,
  magic,
  mostWindow,
  readWord,
  Setting,
  writeWord,
} from '../../load/protocol/http2/frames.js';
import type { Answerer } from './answerer.js';

/** Of a frame's head: where its type, its flags and its stream stand. */
const typeAt = 3;
const flagsAt = 4;
const streamAt = 5;
const { data, headers } = FrameType;
const { endStream, endHeaders } = FrameFlag;

/** `:status: 200`, of the static table. */
const status200 = Buffer.from([0x88]);
const body = Buffer.from('Hello, World!');
const grpcMessage = Buffer.alloc(5);

/** Of the server's own: whatever the client has to send has room. */
const greeting = Buffer.concat([
  frame(FrameType.settings, 0, Buffer.of(0, Setting.initialWindowSize), number(mostWindow)),
  frame(FrameType.windowUpdate, 0, number(mostWindow - defaultWindow)),
]);
const answers = {
  http2: [frame(headers, endHeaders, status200), frame(data, endStream, body)],
  grpc: [
    frame(headers, endHeaders, status200, literal('content-type', 'application/grpc')),
    frame(data, 0, grpcMessage),
    frame(headers, endHeaders | endStream, literal('grpc-status', '0')),
  ],
};

/** A request ends with END_STREAM, and its answer is on its stream. */
export class Http2Answerer implements Answerer {
  readonly greeting = greeting;
  readonly #answer: readonly Buffer[];
  #rest: Buffer = Buffer.alloc(0);
  #isBegun = false;

  constructor(protocol: keyof typeof answers) {
    this.#answer = answers[protocol];
  }

  answer(octets: Buffer): Buffer {
    const came = Buffer.concat([this.#rest, octets]);
    let at = 0;
    if (!this.#isBegun) {
      if (came.length >= magic.length) at = magic.length;
      this.#isBegun = at > 0;
    }
    const all: Buffer[] = [];
    while (this.#isBegun && came.length - at >= frameHeadBytes) {
      const end = at + frameHeadBytes + came.readUIntBE(at, 3);
      if (end > came.length) break;
      const type = came[at + typeAt]!;
      const ends = (type === data || type === headers) && (came[at + flagsAt]! & endStream) !== 0;
      if (ends) all.push(...this.#onStream(readWord(came, at + streamAt)));
      at = end;
    }
    this.#rest = came.subarray(at);
    return Buffer.concat(all);
  }

  #onStream(stream: number): Buffer[] {
    return this.#answer.map((each) => {
      const copy = Buffer.from(each);
      writeWord(copy, streamAt, stream);
      return copy;
    });
  }
}

/** Of stream 0. */
function frame(type: number, flags: number, ...payload: readonly Buffer[]): Buffer {
  return frameOf(type, flags, 0, Buffer.concat(payload));
}

function number(value: number): Buffer {
  const octets = Buffer.alloc(4);
  writeWord(octets, 0, value);
  return octets;
}

/** A field that enters no table (RFC 7541 §6.2.2); both are shorter than 127 octets. */
function literal(name: string, value: string): Buffer {
  const text = (of: string): Buffer => Buffer.from([of.length, ...Buffer.from(of)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
