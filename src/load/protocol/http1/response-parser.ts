import type { BodyMatcher } from './body-matcher.js';
import type { ContentStream } from '../events/content-stream.js';
import { ChunkFraming } from './chunk-framing.js';
import { HeadParser } from './head-parser.js';

export const ParseStatus = { needMore: 0, complete: 1, failed: 2 } as const;
export type ParseStatus = (typeof ParseStatus)[keyof typeof ParseStatus];

/**
 * malformed: this is not HTTP/1.x, or contradicts itself.
 * head-too-large: more octets of head than `MAX_HEAD_BYTES`.
 * truncated: the connection closed within the response.
 * closed-before-response: the connection closed before the response's first octet.
 */
type ParseFailure = 'malformed' | 'head-too-large' | 'truncated' | 'closed-before-response';

// Which part of the response the next octet belongs to. The last two are final.
const HEAD = 0;
const SIZED_BODY = 1;
const CHUNK_FRAMING = 2;
const CHUNK_DATA = 3;
const TRAILER = 4;
const BODY_TO_CLOSE = 5;
const COMPLETE = 6;
const FAILED = 7;

/**
 * Reads one response at a time from the octets of one connection, in pieces of any size, and keeps
 * only what a load test needs of it. Allocates nothing per response: the chunk reader is made once,
 * when the connection's first chunked response comes. The figures hold once a response is complete,
 * until `reset`.
 */
export class ResponseParser {
  /** Index, in the bytes last fed, after the last octet of this response that was in them. */
  consumed = 0;
  /** Octets of content, without chunk framing. */
  bodyBytes = 0;
  /** Why it failed; null: it did not. */
  failure: ParseFailure | null = null;
  /** Whether the connection may carry another request (RFC 9112 §9.3). */
  keepAlive = false;

  private readonly head = new HeadParser();
  private chunks: ChunkFraming | null = null;
  private matcher: BodyMatcher | null = null;
  private matched = 0;
  private stream: ContentStream | null = null;
  private phase = HEAD;
  /** Octets of the sized body, or of the chunk, still to come. */
  private remaining = 0;
  private expectsNoBody = false;

  /** Before each request; no body follows the answer to HEAD (RFC 9112 §6.3). */
  reset(
    expectsNoBody: boolean,
    matcher: BodyMatcher | null = null,
    stream: ContentStream | null = null,
  ): void {
    this.expectsNoBody = expectsNoBody;
    this.matcher = matcher;
    this.matched = 0;
    this.stream = stream;
    this.phase = HEAD;
    this.bodyBytes = 0;
    this.failure = null;
    this.keepAlive = false;
    this.head.reset();
  }

  get status(): number {
    return this.head.status;
  }

  /** Octets of status lines, header and trailer fields, interim responses' included. */
  get headBytes(): number {
    return this.head.byteCount;
  }

  /** Whether the content held the matcher's text; true without a matcher. */
  get bodyMatched(): boolean {
    return this.matcher === null || this.matcher.isFound(this.matched);
  }

  /**
   * Reads `bytes[start]` … `bytes[end − 1]`, to the end of this response at most; what stands from
   * `consumed` on is not this response's. After the end, or a failure, it reads nothing.
   */
  feed(bytes: Uint8Array, start: number, end: number): ParseStatus {
    let i = start;
    while (i < end && this.phase < COMPLETE) {
      switch (this.phase) {
        case HEAD:
        case TRAILER:
          i = this.readHead(bytes, i, end);
          break;
        case CHUNK_FRAMING:
          i = this.readChunkFraming(bytes, i, end);
          break;
        default:
          i = this.readBody(bytes, i, end);
      }
    }
    this.consumed = i;
    return this.outcome();
  }

  /** At the end of the connection: completes a body that only the close delimits (RFC 9112 §8). */
  finish(): ParseStatus {
    if (this.phase === BODY_TO_CLOSE) this.phase = COMPLETE;
    else if (this.phase < COMPLETE) {
      const nothingCame = this.phase === HEAD && this.head.byteCount === 0;
      this.fail(nothingCame ? 'closed-before-response' : 'truncated');
    }
    return this.outcome();
  }

  private outcome(): ParseStatus {
    if (this.phase === COMPLETE) return ParseStatus.complete;
    return this.phase === FAILED ? ParseStatus.failed : ParseStatus.needMore;
  }

  private readHead(bytes: Uint8Array, start: number, end: number): number {
    const head = this.head;
    const i = head.feed(bytes, start, end);
    if (this.stream !== null) this.stream.head(bytes, start, i);
    if (head.done) {
      if (this.phase === TRAILER) this.phase = COMPLETE;
      else this.beginBody();
    } else if (head.malformed) this.fail('malformed');
    else if (head.tooLarge) this.fail('head-too-large');
    return i;
  }

  /** How the body ends: RFC 9112 §6.3, in its order. */
  private beginBody(): void {
    const { head } = this;
    const { contentLength, chunked, encoded } = head.fields;
    const status = head.status;
    if (status < 200 && status !== 101) {
      if (this.stream !== null) this.stream.interim();
      head.next();
      return;
    }
    this.keepAlive = head.keepAlive && status !== 101;
    if (this.stream !== null) this.stream.begin(status);
    if (this.expectsNoBody || status === 204 || status === 304 || status === 101) {
      this.phase = COMPLETE;
    } else if (chunked) {
      this.chunks ??= new ChunkFraming();
      this.chunks.reset();
      this.phase = CHUNK_FRAMING;
    } else if (encoded || contentLength === -1) {
      this.keepAlive = false;
      this.phase = BODY_TO_CLOSE;
    } else {
      this.remaining = contentLength;
      this.phase = contentLength === 0 ? COMPLETE : SIZED_BODY;
    }
  }

  private readChunkFraming(bytes: Uint8Array, start: number, end: number): number {
    const chunks = this.chunks!;
    const i = chunks.feed(bytes, start, end);
    if (chunks.malformed) this.fail('malformed');
    else if (chunks.ready && chunks.size > 0) {
      this.remaining = chunks.size;
      this.phase = CHUNK_DATA;
    } else if (chunks.ready) {
      this.head.beginTrailer();
      this.phase = TRAILER;
    }
    return i;
  }

  /** Steps over content without looking at it, unless a text is sought in it. */
  private readBody(bytes: Uint8Array, start: number, end: number): number {
    const available = end - start;
    const toClose = this.phase === BODY_TO_CLOSE;
    const taken = toClose || this.remaining > available ? available : this.remaining;
    if (this.matcher !== null) {
      this.matched = this.matcher.advance(this.matched, bytes, start, start + taken);
    }
    if (this.stream !== null) this.stream.read(bytes, start, start + taken);
    this.bodyBytes += taken;
    if (!toClose) {
      this.remaining -= taken;
      if (this.remaining === 0) this.endData();
    }
    return start + taken;
  }

  private endData(): void {
    if (this.phase === SIZED_BODY) {
      this.phase = COMPLETE;
    } else {
      this.chunks!.next();
      this.phase = CHUNK_FRAMING;
    }
  }

  private fail(failure: ParseFailure): void {
    this.failure = failure;
    this.phase = FAILED;
  }
}
