import { COLON, CR, HTAB, LF, LOWER_TOKEN, NINE, NUL, SP, ZERO, ascii } from './bytes.js';
import { CONNECTION, CONTENT_LENGTH, FramingFields, TRANSFER_ENCODING } from './framing-fields.js';
import { headMemory } from './head-memory.js';

/** Most octets of status lines, header and trailer fields of one response, interim ones included. */
export const MAX_HEAD_BYTES = 64 * 1024;

// Where in the head the next octet stands. The last three are final.
const STATUS_LINE = 0;
const LINE_START = 1;
const FIELD_NAME = 2;
const FIELD_VALUE = 3;
const LINE_END = 4;
const HEAD_END = 5;
const DONE = 6;
const MALFORMED = 7;
const TOO_LARGE = 8;

// Whose value a line continues, beside the framing fields (0 and above). No line may continue a
// status line.
const OTHER_FIELD = -1;
const NO_FIELD = -2;

const FIELD_NAMES = [
  ascii('content-length'),
  ascii('transfer-encoding'),
  ascii('connection'),
] as const;
/** `content-length` and `connection` part after so many octets. */
const SHARED_PREFIX = 3;

const STATUS_LINE_START = ascii('HTTP/1.');
/** `HTTP/1.1 200` and the octet after it. */
const STATUS_BYTES = 13;

/**
 * Reads a status line and header fields, or trailer fields, octet by octet (RFC 9112 §§2–5), and
 * keeps of them only what framing and reuse need. A head may arrive in any number of pieces; nothing
 * is buffered or allocated. Bare LF ends a line, a folded line goes on with the value before it; a
 * bare CR, a NUL or whitespace before the colon make the head malformed.
 */
export class HeadParser {
  /** 100–999; 0 until it is read. */
  status = 0;
  /** Octets of this response's heads and trailers so far. */
  byteCount = 0;
  readonly fields = new FramingFields();

  private state = STATUS_LINE;
  private field = NO_FIELD;
  /** Octets matched of the status line or of a field's name. */
  private at = 0;
  private minor = 0;
  private inTrailer = false;

  /** For the first head of a response. */
  reset(): void {
    this.byteCount = 0;
    this.next();
  }

  /** For the head after an interim one. */
  next(): void {
    this.status = 0;
    this.state = STATUS_LINE;
    this.field = NO_FIELD;
    this.at = 0;
    this.minor = 0;
    this.inTrailer = false;
    this.fields.reset();
  }

  /** For the trailer section of a chunked body, whose fields mean nothing to framing. */
  beginTrailer(): void {
    this.state = LINE_START;
    this.field = NO_FIELD;
    this.inTrailer = true;
  }

  get done(): boolean {
    return this.state === DONE;
  }

  get malformed(): boolean {
    return this.state === MALFORMED;
  }

  get tooLarge(): boolean {
    return this.state === TOO_LARGE;
  }

  /**
   * Whether the connection may be used again, as far as the head tells (RFC 9112 §9.3). A length
   * beside a transfer coding, or a transfer coding in HTTP/1.0, is faulty framing: not again (§6.1).
   */
  get keepAlive(): boolean {
    const fields = this.fields;
    if (fields.close) return false;
    if (fields.encoded && (fields.contentLength !== -1 || this.minor === 0)) return false;
    return this.minor > 0 || fields.keepAlive;
  }

  /** Reads on, to the end of the head at most; returns the index after the last octet used. */
  feed(bytes: Uint8Array, start: number, end: number): number {
    if (this.byteCount !== 0) return this.read(bytes, start, end);
    if (headMemory.matches(bytes, start, end)) return start + this.recall();
    const i = this.read(bytes, start, end);
    if (this.state === DONE && headMemory.replace(bytes, start, i)) this.remember();
    return i;
  }

  private recall(): number {
    this.status = headMemory.status;
    this.minor = headMemory.minor;
    this.byteCount = headMemory.byteCount;
    this.fields.copy(headMemory.fields);
    this.state = DONE;
    return headMemory.byteCount;
  }

  private remember(): void {
    headMemory.status = this.status;
    headMemory.minor = this.minor;
    headMemory.fields.copy(this.fields);
  }

  private read(bytes: Uint8Array, start: number, end: number): number {
    // The limit cuts at the same octet however the head is split.
    const limit = Math.min(end, start + MAX_HEAD_BYTES - this.byteCount);
    let i = start;
    while (i < limit && this.state < DONE) {
      switch (this.state) {
        case STATUS_LINE:
          i = this.readStatusLine(bytes, i, limit);
          break;
        case LINE_START:
          i = this.readLineStart(bytes, i, limit);
          break;
        case FIELD_NAME:
          i = this.readName(bytes, i, limit);
          break;
        case FIELD_VALUE:
          if (this.field >= 0) i = this.readFraming(bytes, i, limit);
          else i = this.skipValue(bytes, i, limit);
          break;
        default:
          i = this.readLineFeed(bytes, i);
      }
    }
    this.byteCount += i - start;
    if (this.byteCount >= MAX_HEAD_BYTES && this.state < DONE) this.state = TOO_LARGE;
    return i;
  }

  /** `HTTP/1.1 200 OK` (RFC 9112 §4); the reason, and the space before it, may be absent. */
  private readStatusLine(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i += 1) {
      if (!this.readStatusLineByte(bytes[i]!)) return this.fail(i);
      // The octet after the status is the reason's, or ends the line: read again as such.
      if (this.state !== STATUS_LINE) return i;
    }
    return end;
  }

  private readStatusLineByte(byte: number): boolean {
    const at = this.at;
    this.at += 1;
    if (at < STATUS_LINE_START.length) return byte === STATUS_LINE_START[at];
    if (at === 8) return byte === SP;
    if (at === STATUS_BYTES - 1) {
      this.state = FIELD_VALUE;
      return this.status >= 100 && (byte === SP || byte === CR || byte === LF);
    }
    if (byte < ZERO || byte > NINE) return false;
    if (at === 7) this.minor = byte - ZERO;
    else this.status = this.status * 10 + (byte - ZERO);
    return true;
  }

  /** Only here is it known whether the value of the line before has ended (RFC 9112 §5.2). */
  private readLineStart(bytes: Uint8Array, i: number, end: number): number {
    const byte = bytes[i]!;
    if (byte === SP || byte === HTAB) {
      if (this.field === NO_FIELD) return this.fail(i);
      this.state = FIELD_VALUE;
      return i;
    }
    if (this.field >= 0 && !this.fields.end()) return this.fail(i);
    if (byte === CR || byte === LF) {
      this.state = byte === CR ? HEAD_END : DONE;
      return i + 1;
    }
    const lower = LOWER_TOKEN[byte]!;
    if (lower === 0) return this.fail(i);
    this.state = FIELD_NAME;
    this.at = 1;
    this.field = OTHER_FIELD;
    if (!this.inTrailer) {
      if (lower === 0x63) this.field = CONTENT_LENGTH;
      else if (lower === 0x74) this.field = TRANSFER_ENCODING;
    }
    return this.readName(bytes, i + 1, end);
  }

  private readName(bytes: Uint8Array, start: number, end: number): number {
    let i = this.field >= 0 ? this.matchName(bytes, start, end) : start;
    while (i < end) {
      const byte = bytes[i]!;
      if (LOWER_TOKEN[byte] === 0) {
        if (byte !== COLON) return this.fail(i);
        this.state = FIELD_VALUE;
        if (this.field < 0) return this.skipValue(bytes, i + 1, end);
        this.fields.begin(this.field);
        return this.readFraming(bytes, i + 1, end);
      }
      i += 1;
    }
    return i;
  }

  /** Goes along with the name that it may be, up to the first octet that is not of that name. */
  private matchName(bytes: Uint8Array, start: number, end: number): number {
    let name: Uint8Array = FIELD_NAMES[this.field]!;
    let at = this.at;
    let i = start;
    while (i < end) {
      const lower = LOWER_TOKEN[bytes[i]!]!;
      if (at === SHARED_PREFIX && lower === 0x6e && this.field === CONTENT_LENGTH) {
        this.field = CONNECTION;
        name = FIELD_NAMES[CONNECTION];
      }
      if (at === name.length || lower !== name[at]) {
        // Anything but a token octet ends the name: at its full length it is the one.
        if (at < name.length || lower !== 0) this.field = OTHER_FIELD;
        break;
      }
      at += 1;
      i += 1;
    }
    this.at = at;
    return i;
  }

  /** The reason phrase, and fields that are of no concern. */
  private skipValue(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end) {
      const byte = bytes[i]!;
      i += 1;
      if (byte > CR) continue;
      if (byte === CR && i < end && bytes[i] === LF) {
        this.state = LINE_START;
        return i + 1;
      }
      if (this.leavesLine(byte)) return i;
    }
    this.state = FIELD_VALUE;
    return i;
  }

  private readFraming(bytes: Uint8Array, start: number, end: number): number {
    const i = this.fields.feed(bytes, start, end);
    if (i < 0) return this.fail(~i);
    this.state = FIELD_VALUE;
    return i < end ? this.skipValue(bytes, i, end) : i;
  }

  private leavesLine(byte: number): boolean {
    if (byte === CR) this.state = LINE_END;
    else if (byte === LF) this.state = LINE_START;
    else if (byte === NUL) this.state = MALFORMED;
    else return false;
    return true;
  }

  private readLineFeed(bytes: Uint8Array, i: number): number {
    if (bytes[i] !== LF) return this.fail(i);
    this.state = this.state === LINE_END ? LINE_START : DONE;
    return i + 1;
  }

  private fail(i: number): number {
    this.state = MALFORMED;
    return i;
  }
}
