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

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const settingsFrame = 4;
const headersFrame = 1;
const endStream = 0x1;
const endHeaders = 0x4;
const padded = 0x8;
const withPriority = 0x20;

/** HTTP/2 by prior knowledge (RFC 9113 §3.3). */
export function http2Question(host: string, port: number, path: string): ReadyQuestion {
  // RFC 7541: `:method: GET` and `:scheme: http` are indexed, `:path` and `:authority` literals.
  const fields = [0x82, 0x86, 0x04, ...literal(path), 0x01, ...literal(`${host}:${port}`)];
  return {
    octets: Buffer.concat([
      preface,
      frame(settingsFrame, 0, 0, []),
      frame(headersFrame, endStream | endHeaders, 1, fields),
    ]),
    statusOf: (received) => {
      for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
        if (received[at + 3] !== headersFrame) continue;
        const end = at + 9 + received.readUIntBE(at, 3);
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
  let at = 9 + ((flags & padded) === 0 ? 0 : 1) + ((flags & withPriority) === 0 ? 0 : 5);
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

function frame(type: number, flags: number, stream: number, payload: readonly number[]): Buffer {
  const octets = Buffer.alloc(9 + payload.length);
  octets.writeUIntBE(payload.length, 0, 3);
  octets[3] = type;
  octets[4] = flags;
  octets.writeUInt32BE(stream, 5);
  octets.set(payload, 9);
  return octets;
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
