import type { Answerer } from './answerer.js';

const prefaceBytes = 24;
const headBytes = 9;
/** Frame types and flags (RFC 9113 §6). */
const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const WINDOW_UPDATE = 8;
const endStream = 1;
const endHeaders = 4;
const initialWindowSize = 4;
const largestWindow = 2 ** 31 - 1;
const firstWindow = 2 ** 16 - 1;

/** `:status: 200`, of the static table. */
const status200 = Buffer.from([0x88]);
const body = Buffer.from('Hello, World!');
const grpcMessage = Buffer.alloc(5);

/** Of the server's own: whatever the client has to send has room. */
const greeting = Buffer.concat([
  frame(SETTINGS, 0, settings(initialWindowSize, largestWindow)),
  frame(WINDOW_UPDATE, 0, number(largestWindow - firstWindow)),
]);
const answers = {
  http2: [frame(HEADERS, endHeaders, status200), frame(DATA, endStream, body)],
  grpc: [
    frame(HEADERS, endHeaders, status200, literal('content-type', 'application/grpc')),
    frame(DATA, 0, grpcMessage),
    frame(HEADERS, endHeaders | endStream, literal('grpc-status', '0')),
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
      if (came.length >= prefaceBytes) at = prefaceBytes;
      this.#isBegun = at > 0;
    }
    const all: Buffer[] = [];
    while (this.#isBegun && came.length - at >= headBytes) {
      const end = at + headBytes + came.readUIntBE(at, 3);
      if (end > came.length) break;
      const type = came[at + 3]!;
      const ends = (type === DATA || type === HEADERS) && (came[at + 4]! & endStream) !== 0;
      if (ends) all.push(...this.#onStream(came.readUInt32BE(at + 5)));
      at = end;
    }
    this.#rest = came.subarray(at);
    return Buffer.concat(all);
  }

  #onStream(stream: number): Buffer[] {
    return this.#answer.map((each) => {
      const copy = Buffer.from(each);
      copy.writeUInt32BE(stream, 5);
      return copy;
    });
  }
}

/** Of stream 0. */
function frame(type: number, flags: number, ...payload: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(headBytes);
  const content = Buffer.concat(payload);
  head.writeUIntBE(content.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  return Buffer.concat([head, content]);
}

function settings(identifier: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([0, identifier]), number(value)]);
}

function number(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

/** A field that enters no table (RFC 7541 §6.2.2); both are shorter than 127 octets. */
function literal(name: string, value: string): Buffer {
  const text = (of: string): Buffer => Buffer.from([of.length, ...Buffer.from(of)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
