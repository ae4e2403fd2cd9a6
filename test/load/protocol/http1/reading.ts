import type { BodyMatcher } from '../../../../src/load/protocol/http1/body-matcher.js';
import {
  ParseStatus,
  ResponseParser,
} from '../../../../src/load/protocol/http1/response-parser.js';

interface Reading {
  readonly outcome: 'complete' | 'failed' | 'needMore';
  readonly failure: string | null;
  readonly status: number;
  readonly keepAlive: boolean;
  readonly bodyBytes: number;
  readonly headBytes: number;
  readonly bodyMatched: boolean;
  /** Octets used, over all pieces. */
  readonly used: number;
}

interface ReadOptions {
  /** Where the bytes are cut, in ascending order. */
  readonly cuts?: readonly number[];
  readonly expectsNoBody?: boolean;
  readonly matcher?: BodyMatcher | null;
  /** Whether the connection closes after the bytes. */
  readonly eof?: boolean;
  readonly parser?: ResponseParser;
}

/** Reads one response, cut into pieces, and says all that the parser says of it. */
export function read(input: string | Uint8Array, options: ReadOptions = {}): Reading {
  const { cuts = [], expectsNoBody = false, matcher = null, eof = false } = options;
  const parser = options.parser ?? new ResponseParser();
  const bytes = typeof input === 'string' ? Buffer.from(input, 'latin1') : input;
  parser.reset(expectsNoBody, matcher);
  let status: ParseStatus = ParseStatus.needMore;
  let used = 0;
  for (const end of [...cuts, bytes.length]) {
    if (status !== ParseStatus.needMore) break;
    // Each piece elsewhere in a buffer of its own, as reads from a socket are.
    const piece = Buffer.concat([Buffer.from('??'), bytes.subarray(used, end), Buffer.from('!!')]);
    status = parser.feed(piece, 2, piece.length - 2);
    used += parser.consumed - 2;
  }
  if (eof && status === ParseStatus.needMore) status = parser.finish();
  const outcomes = ['needMore', 'complete', 'failed'] as const;
  return {
    outcome: outcomes[status],
    failure: parser.failure,
    status: parser.status,
    keepAlive: parser.keepAlive,
    bodyBytes: parser.bodyBytes,
    headBytes: parser.headBytes,
    bodyMatched: parser.bodyMatched,
    used,
  };
}

/** A response's head, lines ended by CRLF and closed by an empty one. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}
