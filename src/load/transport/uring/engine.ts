import { constants } from 'node:os';
import { nowMicros } from '../../../basis/clock.js';
import { bufferIdShift, CompletionFlag, Errno, Operation } from '../../../uring/abi.js';
import type { Libc } from '../../../uring/libc.js';
import { bellUser, submissions, type SocketRing } from '../../../uring/ring-set.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../../errors.js';
import { compileRequests, type CompiledRequest } from '../../protocol/http1/request-encoder.js';
import { plainHttp1 } from '../../negotiated.js';
import { ParseStatus, ResponseParser } from '../../protocol/http1/response-parser.js';
import { finished, type Engine, type EngineSetup, type Tick, type Traffic } from '../../engine.js';
import { originOf } from '../origin.js';
import { RequestMemory } from './request-memory.js';
import { Connector, mostBindAttempts } from './connector.js';
import {
  cancel,
  close,
  Kind,
  mostSentQuietly,
  placeMask,
  receive,
  send,
} from '../../../uring/operations.js';
import { SlotRings } from './slot-rings.js';
import { planSources } from './source-addresses.js';

// States of a slot.
const closed = 0;
const opening = 1;
const idle = 2;
const busy = 3;
/** The request is answered in part: a parser of its own keeps what has come. */
const answering = 4;

/** Orders come over Node's event loop, which runs in between at least this often. */
const longestWaitMicros = 5_000;
const betweenTurnsMicros = 1_000;
/** More, over all shards, are not left to close in the ordinary way when the run ends. */
const mostInTimeWait = 10_000;
const longestCloseMicros = 20_000_000;

/**
 * HTTP/1.1 over io_uring: Linux, plain. A few system calls carry a batch of requests and responses,
 * and connections live outside the process's descriptor table, so one process holds a million.
 *
 * A connection is a place in a ring's table of direct descriptors, with a multishot recv that lasts
 * as long as it does. Each place has a generation that goes up when it is closed: what is still said
 * of an earlier connection is recognized by it, and not heard.
 */
export class UringEngine implements Engine {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  readonly negotiated = [plainHttp1];
  readonly #setup: EngineSetup;
  readonly #libc: Libc;
  readonly #rings: SlotRings;
  readonly #connector: Connector;
  readonly #requests: readonly (readonly CompiledRequest[])[];
  readonly #memory: RequestMemory;
  readonly #origins: number;
  readonly #state: Uint8Array;
  readonly #generation: Uint16Array;
  readonly #request: Uint16Array;
  readonly #bindAttempts: Uint8Array;
  /** 1: the request is long, and not all of it is with the kernel yet. */
  readonly #unsent: Uint8Array;
  /** Reads responses that lie in one buffer. */
  #parser = new ResponseParser();
  /** Of responses that came in part so far. */
  readonly #parsers = new Map<number, ResponseParser>();
  readonly #spareParsers: ResponseParser[] = [];

  constructor(setup: EngineSetup, libc: Libc) {
    const { plan, slots, shard } = setup;
    this.#setup = setup;
    this.#libc = libc;
    this.#requests = plan.origins.map((origin) => compileRequests(plan, origin));
    this.#memory = new RequestMemory(libc, this.#requests, slots);
    this.#rings = new SlotRings(libc, slots);
    const sources = planSources(plan, slots * shard.count, shard);
    const canBind = this.#rings.set.first.ring.supports(Operation.BIND);
    this.#connector = new Connector(libc, plan.origins, sources, submissions, canBind);
    this.#origins = plan.origins.length;
    this.#state = new Uint8Array(slots);
    this.#generation = new Uint16Array(slots);
    this.#request = new Uint16Array(slots);
    this.#bindAttempts = new Uint8Array(slots);
    this.#unsent = new Uint8Array(slots);
  }

  open(slot: number): void {
    this.#state[slot] = opening;
    this.#bindAttempts[slot] = 0;
    this.#connect(slot);
  }

  send(slot: number, request: number, sequence: number): void {
    const origin = this.#originOf(slot);
    this.#memory.put(slot, origin, request, sequence);
    const { addressLow, addressHigh, length } = this.#memory;
    this.#state[slot] = busy;
    this.#request[slot] = request;
    this.#unsent[slot] = length > mostSentQuietly ? 1 : 0;
    this.traffic.sent += length;
    const { ring } = this.#rings.of(slot);
    const place = this.#rings.placeOf(slot);
    send(ring, place, addressLow, addressHigh, length, this.#generation[slot]!);
  }

  close(slot: number): void {
    const state = this.#state[slot]!;
    if (state === closed) return;
    const { ring } = this.#rings.of(slot);
    const place = this.#rings.placeOf(slot);
    const kind = state === opening ? Kind.connect : Kind.receive;
    cancel(ring, kind, place, this.#generation[slot]!);
    // What waits for room to send would keep the connection open, and read the next request's octets.
    if (state >= busy || this.#unsent[slot] === 1) {
      cancel(ring, Kind.send, place, this.#generation[slot]!);
    }
    this.#closeFile(slot);
  }

  drive(tick: Tick): Promise<void> {
    this.#libc.preferLatency();
    return new Promise((resolve, reject) => {
      const stint = (): void => {
        try {
          if (this.#work(tick)) setImmediate(stint);
          else resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      stint();
    });
  }

  dispose(): Promise<void> {
    this.#closeAll();
    this.#rings.set.close();
    this.#connector.free();
    this.#memory.free();
    return Promise.resolve();
  }

  /** Works until it is time to look after the event loop; false once the tick has finished. */
  #work(tick: Tick): boolean {
    const end = nowMicros() + betweenTurnsMicros;
    for (let now = nowMicros(); now < end; now = nowMicros()) {
      const next = tick(now);
      if (next === finished) return false;
      this.#rings.set.turn(Math.min(next - nowMicros(), longestWaitMicros), this.#reap);
    }
    return true;
  }

  /** Many are ended by RST: a million connections in TIME_WAIT would be in the way of the next run. */
  #closeAll(): void {
    const patience = nowMicros() + longestCloseMicros;
    const abort = this.#state.length * this.#setup.shard.count > mostInTimeWait;
    for (let slot = 0; slot < this.#state.length; slot++) {
      if (slot % 1024 === 0 && nowMicros() > patience) break;
      if (this.#state[slot] === closed) continue;
      if (!abort || this.#state[slot] === opening) {
        this.close(slot);
        continue;
      }
      this.#connector.abort(this.#rings.of(slot).ring, this.#rings.placeOf(slot), Kind.ignored);
      this.#closeFile(slot);
    }
    for (const { ring } of this.#rings.set.all) ring.submit(0);
  }

  readonly #reap = (socketRing: SocketRing): void => {
    const { ring } = socketRing;
    const tail = ring.completionTail;
    let n = ring.head;
    if (n === tail) return;
    const { completions } = ring;
    this.#setup.listener.now = nowMicros();
    while (n !== tail) {
      const at = ring.completionAt(n);
      n = (n + 1) >>> 0;
      this.#completed(
        socketRing,
        completions[at]!,
        completions[at + 1]!,
        completions[at + 2]!,
        completions[at + 3]!,
      );
    }
    ring.advance(n);
    socketRing.buffers.publish();
  };

  #completed(
    socketRing: SocketRing,
    userLow: number,
    generation: number,
    result: number,
    flags: number,
  ): void {
    const kind = userLow & ~placeMask;
    const slot = this.#rings.slotAt(socketRing.index, userLow & placeMask);
    if (kind === Kind.receive) {
      const hasBuffer = (flags & CompletionFlag.buffer) !== 0;
      const buffer = flags >>> bufferIdShift;
      if (this.#generation[slot] === generation) {
        this.#received(socketRing, slot, result, hasBuffer ? buffer : 0);
        if ((flags & CompletionFlag.more) === 0 && this.#generation[slot] === generation) {
          this.#receive(slot);
        }
      }
      if (hasBuffer) socketRing.buffers.give(buffer);
      return;
    }
    if (userLow === bellUser) this.#rings.set.woken();
    if (kind >= Kind.ignored) return;
    if (this.#generation[slot] !== generation) return;
    if (kind === Kind.connect) {
      if (result === 0) this.#opened(slot);
      else this.#openFailed(slot, -result);
    } else if (kind === Kind.setUp) this.#setUpFailed(slot, -result);
    else if (result > 0) this.#unsent[slot] = 0;
    else this.#broke(slot, -result);
  }

  /** Something came, or the recv ended. */
  #received({ buffers }: SocketRing, slot: number, result: number, buffer: number): void {
    if (result > 0) {
      this.traffic.received += result;
      const start = buffer * buffers.bufferBytes;
      this.#read(slot, buffers.bytes, start, start + result);
    } else if (result === 0) this.#ended(slot);
    // Out of buffers for a moment: they are given back, and the recv begun again.
    else if (result !== -Errno.ENOBUFS) this.#broke(slot, -result);
  }

  #read(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const state = this.#state[slot];
    let parser = this.#parser;
    if (state === busy) {
      const { expectsNoBody, bodyMatcher } = this.#compiled(slot);
      parser.reset(expectsNoBody, bodyMatcher);
    } else if (state === answering) parser = this.#parsers.get(slot)!;
    else {
      // Bytes that answer no request: nothing on this connection can be believed any more.
      this.#lost(slot);
      return;
    }
    switch (parser.feed(bytes, start, end)) {
      case ParseStatus.needMore:
        if (state === busy) this.#keepParser(slot);
        return;
      case ParseStatus.complete:
        this.#answered(slot, parser, parser.consumed === end);
        return;
      case ParseStatus.failed:
        this.#fail(slot, parser.failure ?? 'malformed');
    }
  }

  #answered(slot: number, parser: ResponseParser, clean: boolean): void {
    const { status, bodyMatched } = parser;
    // Answered early, a request is still being sent: the next one cannot follow it.
    const reusable = parser.keepAlive && clean && this.#unsent[slot] === 0;
    if (this.#state[slot] === answering) this.#dropParser(slot);
    this.#state[slot] = idle;
    if (!reusable) this.close(slot);
    this.#setup.listener.responded(slot, status, bodyMatched, reusable);
  }

  /** The server closed its side. */
  #ended(slot: number): void {
    const state = this.#state[slot];
    if (state === busy) this.#fail(slot, 'closed-before-response');
    else if (state === answering) {
      const parser = this.#parsers.get(slot)!;
      if (parser.finish() === ParseStatus.complete) this.#answered(slot, parser, false);
      else this.#fail(slot, parser.failure ?? 'malformed');
    } else this.#lost(slot);
  }

  #broke(slot: number, errno: number): void {
    const state = this.#state[slot];
    if (state === busy || state === answering) {
      this.#fail(slot, requestErrorKind(errorName(errno)));
    } else this.#lost(slot);
  }

  #fail(slot: number, kind: RequestErrorKind): void {
    this.close(slot);
    this.#setup.listener.failed(slot, kind);
  }

  #lost(slot: number): void {
    this.close(slot);
    this.#setup.listener.lost(slot);
  }

  #opened(slot: number): void {
    this.#state[slot] = idle;
    this.#receive(slot);
    this.#setup.listener.opened(slot);
  }

  #openFailed(slot: number, errno: number): void {
    this.#closeFile(slot);
    this.#setup.listener.openFailed(slot, connectErrorKind(errorName(errno)));
  }

  /** A source port that is taken is passed over. */
  #setUpFailed(slot: number, errno: number): void {
    const attempts = this.#bindAttempts[slot]! + 1;
    if (errno !== Errno.EADDRINUSE || attempts === mostBindAttempts) {
      this.#openFailed(slot, errno);
      return;
    }
    this.#bindAttempts[slot] = attempts;
    this.#connect(slot);
  }

  #connect(slot: number): void {
    const place = this.#rings.placeOf(slot);
    this.#connector.connect(
      this.#rings.of(slot).ring,
      place,
      this.#originOf(slot),
      Kind.setUp | place,
      Kind.connect | place,
      this.#generation[slot]!,
    );
  }

  #receive(slot: number): void {
    receive(this.#rings.of(slot).ring, this.#rings.placeOf(slot), this.#generation[slot]!);
  }

  #closeFile(slot: number): void {
    if (this.#state[slot] === answering) this.#dropParser(slot);
    close(this.#rings.of(slot).ring, this.#rings.placeOf(slot));
    this.#state[slot] = closed;
    this.#unsent[slot] = 0;
    this.#generation[slot] = this.#generation[slot]! + 1;
  }

  #originOf(slot: number): number {
    return this.#origins === 1 ? 0 : originOf(slot, this.#setup.shard, this.#origins);
  }

  #compiled(slot: number): CompiledRequest {
    return this.#requests[this.#originOf(slot)]![this.#request[slot]!]!;
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

const names = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));

function errorName(errno: number): string | undefined {
  return names.get(errno);
}
