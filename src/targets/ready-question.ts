import {
  FrameFlag,
  frameHeadBytes,
  frameOf,
  FrameType,
  magic,
} from '../load/protocol/http2/frames.js';

/** What a server is asked to find out whether it is up, in octets: no library, no second meaning. */
export interface ReadyQuestion {
  /** What is sent on a fresh connection. */
  readonly octets: Buffer;
  /** The status of the answer, and its line as errors quote it; null as long as it is not there. */
  statusOf(received: Buffer): { readonly status: number; readonly line: string } | null;
}

export function httpQuestion(host: string, port: number, path: string): ReadyQuestion {
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`;
  return {
    octets: Buffer.from(head),
    statusOf: (received) => {
      const match = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r?\n/.exec(received.toString('latin1'));
      return match === null ? null : { status: Number(match[1]), line: match[0].trim() };
    },
  };
}

/** HTTP/2 by prior knowledge (RFC 9113 §3.3). */
export function http2Question(host: string, port: number, path: string): ReadyQuestion {
  // RFC 7541: `:method: GET` and `:scheme: http` are indexed, `:path` and `:authority` literals.
  const fields = [0x82, 0x86, 0x04, ...literal(path), 0x01, ...literal(`${host}:${port}`)];
  return {
    octets: Buffer.concat([
      magic,
      frameOf(FrameType.settings, 0, 0, Buffer.of()),
      frameOf(
        FrameType.headers,
        FrameFlag.endStream | FrameFlag.endHeaders,
        1,
        Buffer.from(fields),
      ),
    ]),
    statusOf: (received) => {
      for (
        let at = 0;
        at + frameHeadBytes <= received.length;
        at += frameHeadBytes + received.readUIntBE(at, 3)
      ) {
        if (received[at + 3] !== FrameType.headers) continue;
        const end = at + frameHeadBytes + received.readUIntBE(at, 3);
        return received.length < end ? null : statusOfHead(received.subarray(at, end));
      }
      return null;
    },
  };
}

/** The statuses of HPACK's static table, from index 8 on (RFC 7541, appendix A). */
const indexedStatuses = [200, 204, 206, 304, 400, 404, 500];

function statusOfHead(head: Buffer): { status: number; line: string } {
  const flags = head[4]!;
  let at = frameHeadBytes;
  if ((flags & FrameFlag.padded) !== 0) at += 1;
  if ((flags & FrameFlag.priority) !== 0) at += 5;
  // A change of the dynamic table's size may come first; all that follow a full prefix belong to it.
  while ((head[at]! & 0xe0) === 0x20) {
    const continues = (head[at]! & 0x1f) === 0x1f;
    at += 1;
    if (!continues) continue;
    while ((head[at]! & 0x80) !== 0) at += 1;
    at += 1;
  }
  const status = indexedStatuses[head[at]! - 0x88];
  // 200 is always the shorter as an index; which other one it is makes no difference.
  return status === undefined
    ? { status: 0, line: 'another status than 200' }
    : { status, line: `:status ${status}` };
}

/** HPACK's string without Huffman code; its length is an integer with a prefix of 7 bits. */
function literal(text: string): number[] {
  const octets = Buffer.from(text, 'latin1');
  if (octets.length < 0x7f) return [octets.length, ...octets];
  const length = [0x7f];
  let rest = octets.length - 0x7f;
  for (; rest >= 0x80; rest >>= 7) length.push(0x80 | (rest & 0x7f));
  return [...length, rest, ...octets];
}
