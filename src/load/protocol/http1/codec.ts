import type { RequestErrorKind } from '../../errors.js';
import type { LoadPlan } from '../../plan.js';
import type { Codec, CodecListener } from '../codec.js';
import { EventStreams } from '../events/event-streams.js';
import { compileRequests, type CompiledRequest } from './request-encoder.js';
import { ParseStatus, ResponseParser } from './response-parser.js';

// States of a connection.
const idle = 0;
/** Its request is under way, and nothing has come yet. */
const busy = 1;
/** The request is answered in part: a parser of its own keeps what has come. */
const answering = 2;

/** HTTP/1.1 (RFC 9112): one request at a time on each connection, whose number is its exchange's. */
export class Http1Codec implements Codec {
  readonly http = '1.1';
  readonly alpn = 'http/1.1';
  readonly outgoing = null;
  readonly requests: readonly (readonly CompiledRequest[])[];
  readonly #listener: CodecListener;
  /** What the answer to each request is read by, which is the same for all origins. */
  readonly #expected: readonly Pick<CompiledRequest, 'expectsNoBody' | 'bodyMatcher'>[];
  /** null: none is asked for. */
  readonly #events: EventStreams | null;
  readonly #state: Uint8Array;
  readonly #request: Uint16Array;
  /** Reads responses that come in one piece. */
  #parser = new ResponseParser();
  /** Of responses that came in part so far. */
  readonly #parsers = new Map<number, ResponseParser>();
  readonly #spareParsers: ResponseParser[] = [];

  constructor(plan: LoadPlan, slots: number, listener: CodecListener) {
    this.requests = plan.origins.map((origin) => compileRequests(plan, origin));
    this.#expected = this.requests[0]!;
    this.#listener = listener;
    this.#events = EventStreams.of(plan.requests, slots, listener);
    this.#state = new Uint8Array(slots);
    this.#request = new Uint16Array(slots);
  }

  sent(slot: number, request: number): void {
    this.#state[slot] = busy;
    this.#request[slot] = request;
  }

  isBusy(slot: number): boolean {
    return this.#state[slot] !== idle;
  }

  read(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const state = this.#state[slot];
    let parser = this.#parser;
    if (state === busy) {
      const request = this.#request[slot]!;
      const { expectsNoBody, bodyMatcher } = this.#expected[request]!;
      const stream = this.#events === null ? null : this.#events.expect(slot, request);
      parser.reset(expectsNoBody, bodyMatcher, stream);
    } else if (state === answering) parser = this.#parsers.get(slot)!;
    else {
      // Bytes that answer no request: nothing on this connection can be believed any more.
      this.#listener.lost(slot);
      return;
    }
    const outcome = parser.feed(bytes, start, end);
    if (this.#events !== null) this.#events.tell(slot);
    switch (outcome) {
      case ParseStatus.needMore:
        if (state === busy) this.#keepParser(slot);
        return;
      case ParseStatus.complete:
        this.#answered(slot, parser, parser.consumed === end);
        return;
      case ParseStatus.failed:
        this.#listener.failed(slot, parser.failure ?? 'malformed', false);
    }
  }

  ended(slot: number, inOrder: boolean): void {
    const state = this.#state[slot];
    if (state === busy) this.#listener.failed(slot, 'closed-before-response', false);
    else if (state === answering) {
      if (!inOrder) {
        this.#listener.failed(slot, 'truncated', false);
        return;
      }
      const parser = this.#parsers.get(slot)!;
      if (parser.finish() === ParseStatus.complete) this.#answered(slot, parser, false);
      else this.#listener.failed(slot, parser.failure ?? 'malformed', false);
    } else this.#listener.lost(slot);
  }

  broke(slot: number, kind: RequestErrorKind): void {
    if (this.#state[slot] === idle) this.#listener.lost(slot);
    else this.#listener.failed(slot, kind, false);
  }

  closed(slot: number): void {
    if (this.#state[slot] === answering) this.#dropParser(slot);
    this.#state[slot] = idle;
  }

  #answered(slot: number, parser: ResponseParser, clean: boolean): void {
    if (this.#state[slot] === answering) this.#dropParser(slot);
    this.#state[slot] = idle;
    if (this.#events !== null) this.#events.end(slot);
    const { status, bodyMatched, keepAlive } = parser;
    this.#listener.answered(slot, status, bodyMatched, keepAlive && clean);
  }

  #keepParser(slot: number): void {
    this.#state[slot] = answering;
    this.#parsers.set(slot, this.#parser);
    this.#parser = this.#spareParsers.pop() ?? new ResponseParser();
  }

  #dropParser(slot: number): void {
    this.#spareParsers.push(this.#parsers.get(slot)!);
    this.#parsers.delete(slot);
  }
}
