import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';

/** What a load of c1m's own is answered in; `grpc` is on HTTP/2. */
export type Spoken = 'http1' | 'http2' | 'grpc' | 'websocket';

/** Answers one connection with as little as its client takes for an answer, and looks at nothing else. */
export const answering: Readonly<Record<Spoken, (socket: Duplex) => void>> = {
  http1: answerHttp1,
  http2: (socket) => answerHttp2(socket, [headers(0, ok), frame(0, endStream, Buffer.from('ok'))]),
  grpc: (socket) =>
    answerHttp2(socket, [
      headers(0, Buffer.concat([ok, field('content-type', 'application/grpc')])),
      // A message of no octets.
      frame(0, 0, Buffer.alloc(5)),
      headers(endStream, field('grpc-status', '0')),
    ]),
  websocket: answerWebSocket,
};

const answerOfHttp1 = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function answerHttp1(socket: Duplex): void {
  socket.on('data', (chunk: Buffer) => {
    if (chunk.subarray(-4).equals(endOfHead)) socket.write(answerOfHttp1);
  });
}
const endOfHead = Buffer.from('\r\n\r\n');

/** RFC 9113 §3.4, §4.1, §6. */
const preface = 24;
const headBytes = 9;
const dataFrame = 0;
const headersFrame = 1;
const settingsFrame = 4;
const windowUpdateFrame = 8;
const endStream = 0x1;
const endHeaders = 0x4;
const acknowledged = 0x1;
/** `:status: 200` in HPACK's static table (RFC 7541, appendix A). */
const ok = Buffer.from([0x88]);

/** Each request with its end, whatever it is of. */
function answerHttp2(socket: Duplex, answer: readonly Buffer[]): void {
  let rest: Buffer = Buffer.alloc(0);
  let skipped = preface;
  socket.write(frame(settingsFrame, 0, Buffer.alloc(0)));
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    if (rest.length >= skipped) {
      rest = rest.subarray(skipped);
      skipped = 0;
    }
    while (skipped === 0 && rest.length >= headBytes) {
      const length = rest.readUIntBE(0, 3);
      if (rest.length < headBytes + length) break;
      const [type, flags, stream] = [rest[3]!, rest[4]!, rest.readUInt32BE(5)];
      if (type === settingsFrame && (flags & acknowledged) === 0) {
        answers.push(frame(settingsFrame, acknowledged, Buffer.alloc(0)));
      }
      if (type === dataFrame && length > 0) answers.push(windowUpdate(length));
      if ((type === headersFrame || type === dataFrame) && (flags & endStream) !== 0) {
        answers.push(...answer.map((each) => onStream(each, stream)));
      }
      rest = rest.subarray(headBytes + length);
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers));
  });
}

function frame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  return Buffer.concat([head, payload]);
}

function headers(flags: number, block: Buffer): Buffer {
  return frame(headersFrame, endHeaders | flags, block);
}

/** A literal without indexing, with a name of its own (RFC 7541 §6.2.2). */
function field(name: string, value: string): Buffer {
  const text = (of: string): Buffer => Buffer.from([of.length, ...Buffer.from(of)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

/** Of the connection. */
function windowUpdate(octets: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(octets);
  return frame(windowUpdateFrame, 0, payload);
}

function onStream(each: Buffer, stream: number): Buffer {
  const copy = Buffer.from(each);
  copy.writeUInt32BE(stream, 5);
  return copy;
}

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Of a client's frame with less than 126 octets: two, and the mask. */
const shortHead = 6;
const lengthBits = 0x7f;
const finalText = 0x81;

/** Echoes messages of less than 126 octets. */
function answerWebSocket(socket: Duplex): void {
  let rest: Buffer = Buffer.alloc(0);
  let open = false;
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!open) {
      const end = rest.indexOf(endOfHead);
      if (end < 0) return;
      const key = /^sec-websocket-key: *(\S+)/im.exec(rest.toString('latin1', 0, end))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      rest = rest.subarray(end + endOfHead.length);
      open = true;
    }
    const answers: Buffer[] = [];
    while (rest.length >= shortHead) {
      const length = rest[1]! & lengthBits;
      const end = shortHead + length;
      if (rest.length < end) break;
      const answer = Buffer.allocUnsafe(2 + length);
      answer[0] = finalText;
      answer[1] = length;
      for (let k = 0; k < length; k++) answer[2 + k] = rest[shortHead + k]! ^ rest[2 + (k & 3)]!;
      answers.push(answer);
      rest = rest.subarray(end);
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers));
  });
}
