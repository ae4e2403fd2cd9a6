import { nowMicros } from '../../../basis/clock.js';
import { bufferIdShift, CompletionFlag, Errno } from '../../../uring/abi.js';
import type { OpenSsl } from '../../../tls/openssl.js';
import type { TlsFailure } from '../../../tls/failure.js';
import { errorName } from '../../../uring/error-name.js';
import type { Libc } from '../../../uring/libc.js';
import { addressOf, type Memory } from '../../../uring/memory.js';
import { bellUser, type SocketRing } from '../../../uring/ring-set.js';
import { connectErrorKind, connectErrorOf, requestErrorKind } from '../../errors.js';
import type { ConnectErrorKind, RequestErrorKind } from '../../errors.js';
import { Agreement, noHandshakes, type Handshakes, type Negotiated } from '../../negotiated.js';
import { FailureReasons } from '../../failure-reasons.js';
import type { Codec, CodecListener, Outgoing, Protocol } from '../../protocol/codec.js';
import { ExchangeNumbers } from '../../exchange-numbers.js';
import { finished, type Engine, type EngineSetup, type Tick, type Traffic } from '../../engine.js';
import { isSecure } from '../../plan.js';
import { originOf } from '../origin.js';
import { OutboxSender } from './outbox-sender.js';
import { RequestMemory } from './request-memory.js';
import { Kind, placeMask } from '../../../uring/operations.js';
import { inStints } from './stints.js';
import { SecureConnections, type SecuredEngine } from './secure-connections.js';
import type { SlotRings } from './slot-rings.js';
import { Sockets } from './sockets.js';

// States of a slot.
const closed = 0;
const opening = 1;
const open = 2;
/** Connected; the TLS handshake is under way. */
const securing = 3;

/** Orders come over Node's event loop, which runs in between at least this often. */
const longestWaitMicros = 5_000;
const betweenTurnsMicros = 1_000;
/** More, over all shards, are not left to close in the ordinary way when the run ends. */
const mostInTimeWait = 10_000;
const longestCloseMicros = 20_000_000;

/**
 * Octets over io_uring: Linux, plain or TLS. A few system calls carry a batch of requests and responses,
 * and connections live outside the process's descriptor table, so one process holds a million.
 *
 * A connection is a socket of `Sockets`, with a multishot recv that lasts as long as it does.
 */
export class UringEngine implements Engine, CodecListener, SecuredEngine {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  readonly failureReasons = new FailureReasons();
  readonly numbers: ExchangeNumbers;
  readonly #setup: EngineSetup;
  readonly #libc: Libc;
  readonly #sockets: Sockets;
  readonly #rings: SlotRings;
  readonly #codec: Codec;
  readonly #outgoing: Outgoing | null;
  /** Null where `#outgoing` is. */
  readonly #sender: OutboxSender | null;
  #outboxMemory: Memory | null = null;
  readonly #memory: RequestMemory;
  readonly #origins: number;
  readonly #state: Uint8Array;
  readonly #generation: Uint16Array;
  /** null: no origin is reached over TLS. */
  readonly #secure: SecureConnections | null;
  readonly #agreement: Agreement;

  /** @param openssl null where no origin is reached over TLS */
  constructor(setup: EngineSetup, libc: Libc, protocol: Protocol, openssl: OpenSsl | null) {
    const { plan, slots } = setup;
    this.#setup = setup;
    this.#libc = libc;
    this.numbers = new ExchangeNumbers(slots, protocol.streams(plan));
    this.#codec = protocol.createCodec(plan, slots, this, (bytes) => {
      this.#outboxMemory = libc.allocate(bytes);
      return this.#outboxMemory.bytes;
    });
    this.#outgoing = this.#codec.outgoing;
    this.#agreement = new Agreement(plan, this.#codec, this.numbers.perConnection);
    const onlySecure = openssl !== null && plan.origins.every((it) => it.protocol === 'https:');
    // What is sealed at once need not stay.
    const messages = onlySecure ? 1 : this.numbers.count;
    this.#memory = new RequestMemory(libc, this.#codec.requests, messages);
    this.#sockets = new Sockets(setup, libc);
    this.#rings = this.#sockets.rings;
    this.#generation = this.#sockets.generation;
    this.#origins = plan.origins.length;
    this.#state = new Uint8Array(slots);
    this.#secure =
      openssl === null || !isSecure(plan)
        ? null
        : new SecureConnections(openssl, libc, this.#rings, plan, slots, this.#codec, this);
    this.#sender =
      this.#outgoing &&
      new OutboxSender(
        this.#outgoing,
        this.#outboxMemory!,
        this.#rings,
        this.#generation,
        this.traffic,
        this.#secure,
      );
  }

  get negotiated(): readonly Negotiated[] {
    return this.#agreement.with(this.#secure?.negotiated ?? null);
  }

  get handshakes(): Handshakes {
    return this.#secure?.handshakes ?? noHandshakes;
  }

  open(slot: number): void {
    this.#state[slot] = opening;
    this.#sockets.connect(slot, this.#originOf(slot));
  }

  send(exchange: number, request: number, sequence: number): void {
    if (this.#outgoing !== null) {
      this.#outgoing.send(exchange, request, sequence);
      return;
    }
    const slot = this.numbers.connectionOf(exchange);
    const origin = this.#originOf(slot);
    this.#memory.put(exchange, origin, request, sequence);
    const { addressLow, addressHigh, length } = this.#memory;
    this.#codec.sent(exchange, request);
    this.traffic.sent += length;
    if (this.#secure?.has(slot) === true) {
      const address = this.#memory.address ?? addressOf(addressLow, addressHigh);
      this.#secure.seal(slot, address, length);
    } else this.transmit(slot, addressLow, addressHigh, length);
  }

  /** That a socket has room is certain only where one request goes at a time. */
  transmit(slot: number, low: number, high: number, length: number): void {
    this.#sockets.send(slot, low, high, length, this.#outgoing !== null);
  }

  cancel(exchange: number): boolean {
    const reusable = this.#outgoing?.cancel(exchange) ?? false;
    if (!reusable) this.#endOnceIdle(this.numbers.connectionOf(exchange));
    return reusable;
  }

  conclude(): boolean {
    return this.#outgoing?.conclude() ?? true;
  }

  close(slot: number): void {
    const state = this.#state[slot]!;
    if (state === closed) return;
    if (state === open) {
      // What there is to say at the end, such as why.
      this.#sender?.flushOne(slot);
      if (this.#secure?.has(slot) === true) this.#secure.bye(slot);
    }
    const sends = this.#codec.isBusy(slot) || this.#sender?.isSending(slot) === true;
    this.#sockets.cancel(slot, state === opening, sends);
    this.#closeFile(slot);
  }

  drive(tick: Tick): Promise<void> {
    this.#libc.preferLatency();
    return inStints(() => this.#work(tick));
  }

  dispose(): Promise<void> {
    this.#closeAll();
    this.#sockets.dispose();
    this.#memory.free();
    if (this.#outboxMemory !== null) this.#libc.free(this.#outboxMemory);
    this.#secure?.free();
    return Promise.resolve();
  }

  /** Works until it is time to look after the event loop; false once the tick has finished. */
  #work(tick: Tick): boolean {
    const end = nowMicros() + betweenTurnsMicros;
    for (let now = nowMicros(); now < end; now = nowMicros()) {
      const next = tick(now);
      if (next === finished) return false;
      const hasMore = this.#sender !== null && this.#sender.flush();
      const wait = hasMore ? 0 : Math.min(next - nowMicros(), longestWaitMicros);
      this.#rings.set.turn(wait, this.#reap, this.#setup.listener.gathering);
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
      if (!abort || this.#state[slot] === opening) this.close(slot);
      else {
        this.#sockets.abort(slot);
        this.#closeFile(slot);
      }
    }
    for (const { ring } of this.#rings.set.all) ring.submit(0);
  }

  readonly #reap = (socketRing: SocketRing): void => {
    const { ring } = socketRing;
    this.#sender?.turned(socketRing);
    const tail = ring.completionTail;
    let n = ring.head;
    if (n === tail) return;
    const { completions: all } = ring;
    this.#setup.listener.now = nowMicros();
    while (n !== tail) {
      const at = ring.completionAt(n);
      n = (n + 1) >>> 0;
      this.#completed(socketRing, all[at]!, all[at + 1]!, all[at + 2]!, all[at + 3]!);
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
          this.#sockets.receive(slot);
        }
      }
      if (hasBuffer) socketRing.buffers.give(buffer);
      return;
    }
    if (userLow === bellUser) this.#rings.set.woken();
    if (kind >= Kind.ignored) return;
    if (this.#generation[slot] !== generation) return;
    if (kind === Kind.connect) {
      if (result === 0) this.#connected(slot);
      else this.#openFailed(slot, -result);
    } else if (kind === Kind.setUp) {
      const origin = this.#originOf(slot);
      if (!this.#sockets.setUpAgain(slot, origin, -result)) this.#openFailed(slot, -result);
    } else if (this.#sender !== null && this.#secure?.has(slot) !== true) {
      const errno = this.#sender.answered(slot, result);
      if (errno !== 0) this.#broke(slot, errno);
    } else if (result > 0) this.#sent(slot);
    else this.#broke(slot, -result);
  }

  #sent(slot: number): void {
    this.#sockets.sent(slot);
    if (this.#secure?.has(slot) === true) this.#secure.sent(slot);
    if (!this.#sockets.isSending(slot)) this.#sender?.sealedSent(slot);
  }

  /** Something came, or the recv ended. */
  #received({ buffers }: SocketRing, slot: number, result: number, buffer: number): void {
    if (result > 0) {
      if (this.#secure?.has(slot) === true) {
        this.#secure.feed(slot, buffers.lowWords[buffer]!, buffers.highWords[buffer]!, result);
        return;
      }
      this.traffic.received += result;
      const start = buffer * buffers.bufferBytes;
      this.#codec.read(slot, buffers.bytes, start, start + result);
    } else if (result === 0) {
      if (this.#secure?.has(slot) === true) this.#secure.end(slot);
      else this.#codec.ended(slot, true);
    }
    // Out of buffers for a moment: they are given back, and the recv begun again.
    else if (result !== -Errno.ENOBUFS) this.#broke(slot, -result);
  }

  answered(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void {
    // Answered early, a request is still being sent: without an outbox, the next one cannot follow it.
    const slot = this.numbers.connectionOf(exchange);
    const free = reusable && (this.#outgoing !== null || !this.#sockets.isSending(slot));
    if (!free) this.#endOnceIdle(slot);
    this.#setup.listener.responded(exchange, status, bodyMatched, free);
  }

  streamed(exchange: number, events: number): void {
    this.#setup.listener.streamed(exchange, events);
  }

  failed(exchange: number, kind: RequestErrorKind, reusable: boolean): void {
    if (!reusable) this.#endOnceIdle(this.numbers.connectionOf(exchange));
    this.#setup.listener.failed(exchange, kind, reusable);
  }

  lost(slot: number): void {
    this.close(slot);
    this.#setup.listener.lost(slot);
  }

  ready(slot: number, most: number): void {
    this.#agreement.reached(most);
    this.#setup.listener.opened(slot, most);
  }

  unusable(slot: number, kind: ConnectErrorKind): void {
    this.close(slot);
    this.#setup.listener.openFailed(slot, kind);
  }

  limited(slot: number, most: number): void {
    this.#agreement.reached(most);
    this.#setup.listener.limited(slot, most);
  }

  retired(slot: number): void {
    this.#setup.listener.retired(slot);
  }

  returned(exchange: number): void {
    this.#endOnceIdle(this.numbers.connectionOf(exchange));
    this.#setup.listener.returned(exchange);
  }

  callEnded(kind: RequestErrorKind | null): void {
    this.#setup.listener.callEnded(kind);
  }

  heard(slot: number, phase: number, message: number): void {
    this.#setup.listener.heard(slot, phase, message);
  }

  /** It takes no further request. Without streams, it carries nothing else. */
  #endOnceIdle(slot: number): void {
    if (this.#outgoing === null || !this.#codec.isBusy(slot)) this.close(slot);
  }

  unsealed(slot: number, bytes: Uint8Array, end: number): void {
    this.traffic.received += end;
    this.#codec.read(slot, bytes, 0, end);
  }

  ended(slot: number, inOrder: boolean): void {
    this.#codec.ended(slot, inOrder);
  }

  isSending(slot: number): boolean {
    return this.#sockets.isSending(slot);
  }

  /** A handshake takes this thread's time, which is part of its connection's and of no other's. */
  secured(slot: number): void {
    const { listener } = this.#setup;
    const before = listener.now;
    listener.now = nowMicros();
    this.#opened(slot);
    listener.now = before;
  }

  notSecured(slot: number, { code, reason }: TlsFailure): void {
    const kind = connectErrorOf(connectErrorKind(code), this.#codec.http);
    if (reason !== null) this.failureReasons.note(kind, reason);
    this.unusable(slot, kind);
  }

  alerted(slot: number, { code, reason }: TlsFailure): void {
    const kind = requestErrorKind(code);
    if (reason !== null) this.failureReasons.note(kind, reason);
    this.#codec.broke(slot, kind);
  }

  #broke(slot: number, errno: number): void {
    const code = errorName(errno);
    if (this.#state[slot] === securing) this.notSecured(slot, { code, reason: null });
    else this.#codec.broke(slot, requestErrorKind(code));
  }

  #connected(slot: number): void {
    this.traffic.sent += this.#sockets.begin(slot);
    const origin = this.#originOf(slot);
    if (this.#outgoing !== null) this.#sockets.neverDelay(slot, origin);
    if (this.#secure?.covers(origin) === true) {
      this.#state[slot] = securing;
      this.#secure.begin(slot, origin);
    } else this.#opened(slot);
  }

  /** What its octets are can be read from now on. */
  #opened(slot: number): void {
    this.#state[slot] = open;
    if (this.#outgoing === null) this.#setup.listener.opened(slot, 1);
    else this.#outgoing.opened(slot, this.#originOf(slot));
  }

  #openFailed(slot: number, errno: number): void {
    this.#closeFile(slot);
    this.#setup.listener.openFailed(slot, connectErrorKind(errorName(errno)));
  }

  #closeFile(slot: number): void {
    this.#codec.closed(slot);
    this.#secure?.drop(slot);
    this.#sockets.close(slot);
    this.#state[slot] = closed;
  }

  #originOf(slot: number): number {
    return this.#origins === 1 ? 0 : originOf(slot, this.#setup.shard, this.#origins);
  }
}
