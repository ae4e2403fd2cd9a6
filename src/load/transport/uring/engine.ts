import { constants } from 'node:os';
import { nowMicros } from '../../../basis/clock.js';
import { bufferIdShift, CompletionFlag, Errno, Operation } from '../../../uring/abi.js';
import type { OpenSsl } from '../../../tls/openssl.js';
import type { TlsFailure } from '../../../tls/failure.js';
import type { Libc } from '../../../uring/libc.js';
import { addressOf } from '../../../uring/memory.js';
import { bellUser, submissions, type SocketRing } from '../../../uring/ring-set.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../../errors.js';
import { noHandshakes, type Handshakes, type Negotiated } from '../../negotiated.js';
import { TlsFailures } from '../../tls-failures.js';
import type { Codec, CodecListener, Protocol } from '../../protocol/codec.js';
import { ExchangeNumbers } from '../../exchange-numbers.js';
import { finished, type Engine, type EngineSetup, type Tick, type Traffic } from '../../engine.js';
import { isSecure } from '../../plan.js';
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
import { SecureConnections, type SecuredEngine } from './secure-connections.js';
import { SlotRings } from './slot-rings.js';
import { planSources } from './source-addresses.js';

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
 * Octets over io_uring: Linux, plain. A few system calls carry a batch of requests and responses,
 * and connections live outside the process's descriptor table, so one process holds a million.
 *
 * A connection is a place in a ring's table of direct descriptors, with a multishot recv that lasts
 * as long as it does. Each place has a generation that goes up when it is closed: what is still said
 * of an earlier connection is recognized by it, and not heard.
 */
export class UringEngine implements Engine, CodecListener, SecuredEngine {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  readonly tlsFailures = new TlsFailures();
  readonly numbers: ExchangeNumbers;
  readonly #setup: EngineSetup;
  readonly #libc: Libc;
  readonly #rings: SlotRings;
  readonly #connector: Connector;
  readonly #codec: Codec;
  readonly #memory: RequestMemory;
  readonly #origins: number;
  readonly #state: Uint8Array;
  readonly #generation: Uint16Array;
  readonly #bindAttempts: Uint8Array;
  /** 1: the request is long, and not all of it is with the kernel yet. */
  readonly #unsent: Uint8Array;
  /** null: no origin is reached over TLS. */
  readonly #secure: SecureConnections | null;
  readonly #plain: readonly Negotiated[];

  /** @param openssl null where no origin is reached over TLS */
  constructor(setup: EngineSetup, libc: Libc, protocol: Protocol, openssl: OpenSsl | null) {
    const { plan, slots, shard } = setup;
    this.#setup = setup;
    this.#libc = libc;
    this.#codec = protocol.createCodec(plan, slots, this);
    this.numbers = new ExchangeNumbers(slots, protocol.streams(plan));
    this.#plain = [{ http: this.#codec.http, transport: 'tcp', tls: null }];
    const onlySecure = openssl !== null && plan.origins.every((it) => it.protocol === 'https:');
    // What is sealed at once need not stay.
    const messages = onlySecure ? 1 : this.numbers.count;
    this.#memory = new RequestMemory(libc, this.#codec.requests, messages);
    this.#rings = new SlotRings(libc, slots);
    const sources = planSources(plan, slots * shard.count, shard);
    const canBind = this.#rings.set.first.ring.supports(Operation.BIND);
    this.#connector = new Connector(libc, plan.origins, sources, submissions, canBind);
    this.#origins = plan.origins.length;
    this.#state = new Uint8Array(slots);
    this.#generation = new Uint16Array(slots);
    this.#bindAttempts = new Uint8Array(slots);
    this.#unsent = new Uint8Array(slots);
    this.#secure =
      openssl === null || !isSecure(plan)
        ? null
        : new SecureConnections(openssl, libc, this.#rings, plan, slots, this.#codec, this);
  }

  get negotiated(): readonly Negotiated[] {
    return this.#secure?.negotiated ?? this.#plain;
  }

  get handshakes(): Handshakes {
    return this.#secure?.handshakes ?? noHandshakes;
  }

  open(slot: number): void {
    this.#state[slot] = opening;
    this.#bindAttempts[slot] = 0;
    this.#connect(slot);
  }

  send(exchange: number, request: number, sequence: number): void {
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

  transmit(slot: number, low: number, high: number, length: number): void {
    this.#unsent[slot] = length > mostSentQuietly ? 1 : 0;
    const { ring } = this.#rings.of(slot);
    send(ring, this.#rings.placeOf(slot), low, high, length, this.#generation[slot]!);
  }

  cancel(exchange: number): boolean {
    this.close(this.numbers.connectionOf(exchange));
    return false;
  }

  close(slot: number): void {
    const state = this.#state[slot]!;
    if (state === closed) return;
    const { ring } = this.#rings.of(slot);
    const place = this.#rings.placeOf(slot);
    if (state === open && this.#secure?.has(slot) === true) this.#secure.bye(slot);
    const kind = state === opening ? Kind.connect : Kind.receive;
    cancel(ring, kind, place, this.#generation[slot]!);
    // What waits for room to send would keep the connection open, and read the next request's octets.
    if (this.#codec.isBusy(slot) || this.#unsent[slot] === 1) {
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
    this.#secure?.free();
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
      if (result === 0) this.#connected(slot);
      else this.#openFailed(slot, -result);
    } else if (kind === Kind.setUp) this.#setUpFailed(slot, -result);
    else if (result > 0) this.#sent(slot);
    else this.#broke(slot, -result);
  }

  #sent(slot: number): void {
    this.#unsent[slot] = 0;
    if (this.#secure?.has(slot) === true) this.#secure.sent(slot);
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
    // Answered early, a request is still being sent: the next one cannot follow it.
    const slot = this.numbers.connectionOf(exchange);
    const free = reusable && this.#unsent[slot] === 0;
    if (!free) this.close(slot);
    this.#setup.listener.responded(exchange, status, bodyMatched, free);
  }

  failed(exchange: number, kind: RequestErrorKind): void {
    this.close(this.numbers.connectionOf(exchange));
    this.#setup.listener.failed(exchange, kind, false);
  }

  lost(slot: number): void {
    this.close(slot);
    this.#setup.listener.lost(slot);
  }

  unsealed(slot: number, bytes: Uint8Array, end: number): void {
    this.traffic.received += end;
    this.#codec.read(slot, bytes, 0, end);
  }

  ended(slot: number, inOrder: boolean): void {
    this.#codec.ended(slot, inOrder);
  }

  isSending(slot: number): boolean {
    return this.#unsent[slot] === 1;
  }

  /** A handshake takes this thread's time, which is part of its connection's and of no other's. */
  secured(slot: number): void {
    const { listener } = this.#setup;
    const { now } = listener;
    this.#state[slot] = open;
    listener.now = nowMicros();
    listener.opened(slot);
    listener.now = now;
  }

  notSecured(slot: number, { code, reason }: TlsFailure): void {
    const kind = connectErrorKind(code);
    if (reason !== null) this.tlsFailures.note(kind, reason);
    this.close(slot);
    this.#setup.listener.openFailed(slot, kind);
  }

  alerted(slot: number, { code, reason }: TlsFailure): void {
    const kind = requestErrorKind(code);
    if (reason !== null) this.tlsFailures.note(kind, reason);
    this.#codec.broke(slot, kind);
  }

  #broke(slot: number, errno: number): void {
    const code = errorName(errno);
    if (this.#state[slot] === securing) this.notSecured(slot, { code, reason: null });
    else this.#codec.broke(slot, requestErrorKind(code));
  }

  #connected(slot: number): void {
    this.#receive(slot);
    const origin = this.#originOf(slot);
    if (this.#secure?.covers(origin) === true) {
      this.#state[slot] = securing;
      this.#secure.begin(slot, origin);
      return;
    }
    this.#state[slot] = open;
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
    this.#codec.closed(slot);
    this.#secure?.drop(slot);
    close(this.#rings.of(slot).ring, this.#rings.placeOf(slot));
    this.#state[slot] = closed;
    this.#unsent[slot] = 0;
    this.#generation[slot] = this.#generation[slot]! + 1;
  }

  #originOf(slot: number): number {
    return this.#origins === 1 ? 0 : originOf(slot, this.#setup.shard, this.#origins);
  }
}

const names = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));

function errorName(errno: number): string | undefined {
  return names.get(errno);
}
