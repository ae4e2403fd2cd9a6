import net from 'node:net';
import tls from 'node:tls';
import { addressAt, countAddresses, dotted, type AddressRange } from '../../basis/address-range.js';
import { nowMicros } from '../../basis/clock.js';
import type { EngineSetup, Traffic } from '../engine.js';
import {
  connectErrorKind,
  connectErrorOf,
  requestErrorKind,
  type ConnectErrorKind,
  type RequestErrorKind,
} from '../errors.js';
import { negotiatedOn } from '../negotiated.js';
import type { Outbox } from '../protocol/outbox.js';
import type { Codec, CodecListener, Outgoing, Protocol } from '../protocol/codec.js';
import { isSecure } from '../plan.js';
import { proxyHeader } from './proxy-header.js';
import { connectOptions } from '../connect-options.js';
import { serverNameOf } from '../server-name.js';
import type { SocketError } from '../failure-reasons.js';
import { nodeContext, nodeOptions } from '../../tls/node-options.js';
import { arrivalNumber } from '../shard.js';
import { finished, type Tick } from '../engine.js';
import { EventLoopEngine, queueFull, type LoopConnection } from './event-loop-engine.js';
import { resetAtEnd } from './reset-at-end.js';

/** Large enough for most responses in one read, small enough to stay in the cache. */
const readBytes = 64 * 1024;

/** Octets over Node's own sockets, plain or TLS: every platform. */
export class NetEngine extends EventLoopEngine<Connection> implements CodecListener {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  readonly #codec: Codec;
  readonly #outgoing: Outgoing | null;
  /** One for all: the codec is done with the bytes before the next read begins. */
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBytes);
  readonly #secureContext: tls.SecureContext | undefined;
  /** By slot, of the connection before; null: none is taken up. */
  readonly #sessions: Map<number, Buffer> | null;

  constructor(setup: EngineSetup, protocol: Protocol) {
    super(setup, protocol.streams(setup.plan));
    this.#codec = protocol.createCodec(setup.plan, setup.slots, this, (bytes) =>
      Buffer.allocUnsafeSlow(bytes),
    );
    this.#outgoing = this.#codec.outgoing;
    this.#sessions = setup.plan.tls.resume ? new Map() : null;
    if (isSecure(setup.plan)) this.#secureContext = nodeContext(setup.plan.tls);
  }

  override conclude(): boolean {
    const isOver = this.#outgoing?.conclude() ?? true;
    this.flush();
    return isOver;
  }

  override close(slot: number): void {
    // What there is to say at the end, such as why.
    const outbox = this.#outgoing?.outbox;
    if (outbox?.isHeld(slot) === false) this.#flushOne(slot, outbox);
    super.close(slot);
    this.#codec.closed(slot);
  }

  answered(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void {
    if (!reusable) this.endOnceIdle(this.numbers.connectionOf(exchange));
    this.#happened().responded(exchange, status, bodyMatched, reusable);
  }

  streamed(exchange: number, events: number): void {
    this.#happened().streamed(exchange, events);
  }

  failed(exchange: number, kind: RequestErrorKind, reusable: boolean): void {
    if (!reusable) this.endOnceIdle(this.numbers.connectionOf(exchange));
    this.#happened().failed(exchange, kind, reusable);
  }

  lost(slot: number): void {
    this.close(slot);
    this.#happened().lost(slot);
  }

  ready(slot: number, most: number): void {
    this.#agreed(slot, most);
    this.#happened().opened(slot, most);
  }

  unusable(slot: number, kind: ConnectErrorKind): void {
    this.close(slot);
    this.#happened().openFailed(slot, kind);
  }

  limited(slot: number, most: number): void {
    this.#agreed(slot, most);
    this.#happened().limited(slot, most);
  }

  retired(slot: number): void {
    this.#happened().retired(slot);
  }

  returned(exchange: number): void {
    this.endOnceIdle(this.numbers.connectionOf(exchange));
    this.#happened().returned(exchange);
  }

  callEnded(kind: RequestErrorKind | null): void {
    this.#happened().callEnded(kind);
  }

  heard(slot: number, phase: number, message: number): void {
    this.#happened().heard(slot, phase, message);
  }

  opened(slot: number, origin: number): void {
    const { socket } = this.connections[slot]!;
    if (socket instanceof tls.TLSSocket && !this.#isAgreed(socket)) {
      this.unusable(slot, 'no-http2');
      return;
    }
    this.handshaken(socket);
    if (this.#outgoing === null) this.ready(slot, 1);
    else {
      this.#outgoing.opened(slot, origin);
      this.flush();
    }
  }

  override drive(tick: Tick): Promise<void> {
    if (this.#outgoing === null) return super.drive(tick);
    return super.drive((now) => {
      const next = tick(now);
      if (next !== finished) this.flush();
      return next;
    });
  }

  /** Sends what a codec has put into its outbox, for each connection in one piece. */
  flush(): void {
    const outbox = this.#outgoing?.outbox;
    if (outbox === undefined) return;
    for (;;) {
      let slot = outbox.nextDirty();
      if (slot >= 0) this.#flushOne(slot, outbox);
      else if ((slot = outbox.nextHungry()) >= 0) this.#outgoing!.hasRoom(slot);
      else return;
    }
  }

  openFailed(slot: number, error: SocketError): void {
    if (error.code === queueFull) {
      this.openAgain(slot);
      return;
    }
    const kind = connectErrorOf(connectErrorKind(error.code), this.#codec.http);
    this.failureReasons.noteOf(kind, error);
    this.close(slot);
    this.#happened().openFailed(slot, kind);
  }

  broke(slot: number, error: SocketError): void {
    const kind = requestErrorKind(error.code);
    this.failureReasons.noteOf(kind, error);
    this.#codec.broke(slot, kind);
  }

  /** What the slot's next connection may take up. */
  keepSession(slot: number, session: Buffer): void {
    this.#sessions?.set(slot, session);
  }

  protected connect(slot: number, origin: number): Connection {
    const read = { buffer: this.#readBuffer };
    return new Connection(slot, origin, this, this.#codec, (callback) =>
      this.#dial(slot, origin, { ...read, callback }),
    );
  }

  protected override endOnceIdle(slot: number): void {
    if (this.#outgoing === null || !this.#codec.isBusy(slot)) this.close(slot);
  }

  #flushOne(slot: number, outbox: Outbox): void {
    const start = outbox.start(slot);
    const length = outbox.take(slot);
    const connection = this.connections[slot];
    if (length === 0 || connection === undefined) return;
    this.traffic.sent += length;
    if (!connection.write(outbox.bytes.subarray(start, start + length))) outbox.hold(slot);
  }

  /** Over TLS, by ALPN; a server that has not heard of ALPN speaks HTTP/1.1. */
  #isAgreed(socket: tls.TLSSocket): boolean {
    return this.#codec.alpn !== 'h2' || socket.alpnProtocol === this.#codec.alpn;
  }

  #agreed(slot: number, most: number): void {
    const { socket, origin } = this.connections[slot]!;
    const to = this.setup.plan.origins[origin]!;
    const negotiated = negotiatedOn(socket, this.#codec.http, to);
    const isFewer = most < this.numbers.perConnection;
    this.agreed(isFewer ? { ...negotiated, streams: most } : negotiated);
  }

  /** Before all else, it says whose it is, where it is to. */
  #begun(socket: net.Socket): net.Socket {
    const { proxyProtocol } = this.setup.plan;
    if (proxyProtocol === null) return socket;
    return socket.once('connect', () => {
      const header = proxyHeader(proxyProtocol, endsOf(socket));
      this.traffic.sent += header.length;
      socket.write(header);
    });
  }

  /** The listener, to be told of what happens now. */
  #happened(): EngineSetup['listener'] {
    const { listener } = this.setup;
    listener.now = nowMicros();
    return listener;
  }

  #dial(slot: number, origin: number, onread: net.OnReadOpts): net.Socket {
    const { plan, shard } = this.setup;
    const to = plan.origins[origin]!;
    const { protocol, hostname } = to;
    const locals = plan.localAddresses;
    const options = {
      ...(locals === null
        ? {}
        : { localAddress: localAddressOf(arrivalNumber(slot, shard), locals) }),
      ...connectOptions(to),
      noDelay: true,
      // What ends is closed by hand, after a look at how it ended.
      allowHalfOpen: true,
    };
    const read = { onread };
    if (protocol === 'http:') return this.#begun(net.connect({ ...options, ...read }));
    const session = this.#sessions?.get(slot);
    const secured = {
      ...(this.#secureContext === undefined ? {} : { secureContext: this.#secureContext }),
      ...nodeOptions(serverNameOf({ hostname }, plan.tls), plan.tls),
      ...(session === undefined ? {} : { session }),
      ALPNProtocols: [this.#codec.alpn],
    };
    if (plan.proxyProtocol === null) return tls.connect({ ...options, ...read, ...secured });
    // The header goes below TLS. On a socket that it is given, Node's TLS takes no notice of `onread`.
    const below = this.#begun(net.connect(options));
    const socket = tls.connect({ ...options, ...secured, socket: below });
    return socket.on('data', (chunk: Buffer) => void onread.callback(chunk.length, chunk));
  }
}

/** Whose connection a socket is; null where it is none of IP, as a Unix socket is. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: net.Socket) {
  if (localAddress === undefined || localPort === undefined) return null;
  if (remoteAddress === undefined || remotePort === undefined) return null;
  return {
    from: { address: localAddress, port: localPort },
    to: { address: remoteAddress, port: remotePort },
  };
}

/** One address after the other, whichever shard the connection is in. */
function localAddressOf(number: number, ranges: readonly AddressRange[]): string {
  return dotted(addressAt(ranges, number % countAddresses(ranges)));
}

/** One socket, for as long as it is the slot's. */
class Connection implements LoopConnection {
  readonly #slot: number;
  readonly origin: number;
  readonly #engine: NetEngine;
  readonly #codec: Codec;
  readonly socket: net.Socket;
  readonly #outgoing: Outgoing | null;
  #open = false;
  #closed = false;
  /** Something that was written is not with the kernel yet. */
  #isWaiting = false;

  constructor(
    slot: number,
    origin: number,
    engine: NetEngine,
    codec: Codec,
    dial: (read: net.OnReadOpts['callback']) => net.Socket,
  ) {
    this.#slot = slot;
    this.origin = origin;
    this.#engine = engine;
    this.#codec = codec;
    this.#outgoing = codec.outgoing;
    this.socket = dial((length, bytes) => {
      this.#read(bytes, length);
      return true;
    });
    const ready = this.socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect';
    this.socket.once(ready, () => this.#opened());
    this.socket.on('error', (error: SocketError) => this.#broke(error));
    if (this.socket instanceof tls.TLSSocket) {
      this.socket.on('session', (session) => {
        if (!this.#closed) engine.keepSession(slot, session);
      });
    }
    this.socket.once('end', () => this.#ended());
    this.socket.once('close', () => this.#ended());
  }

  send(exchange: number, request: number, sequence: number): void {
    if (this.#outgoing !== null) {
      this.#outgoing.send(exchange, request, sequence);
      return;
    }
    const bytes = this.#codec.requests[this.origin]![request]!.bytesFor(exchange, sequence);
    this.#codec.sent(exchange, request);
    this.#engine.traffic.sent += bytes.length;
    this.socket.write(bytes);
  }

  /** Whether all is with the kernel at once; if not, the outbox is released when it is. */
  write(bytes: Uint8Array): boolean {
    this.socket.write(bytes, this.#written);
    this.#isWaiting = this.socket.writableLength > 0;
    return !this.#isWaiting;
  }

  cancel(exchange: number): boolean {
    return this.#outgoing?.cancel(exchange) ?? false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.socket.destroy();
  }

  readonly #written = (): void => {
    if (!this.#isWaiting || this.#closed) return;
    this.#isWaiting = false;
    this.#outgoing!.outbox.release(this.#slot);
    this.#engine.flush();
  };

  #opened(): void {
    if (this.#closed) return;
    this.#open = true;
    this.#engine.opened(this.#slot, this.origin);
  }

  #read(bytes: Uint8Array, length: number): void {
    if (this.#closed) return;
    this.#engine.traffic.received += length;
    this.#codec.read(this.#slot, bytes, 0, length);
    this.#engine.flush();
  }

  #ended(): void {
    if (this.#closed) return;
    if (!this.#open) {
      this.#broke({ code: 'ECONNRESET' });
      return;
    }
    const reset = this.#codec.isBusy(this.#slot) ? resetAtEnd(this.socket) : null;
    if (reset === null) {
      this.#codec.ended(this.#slot, true);
      this.#engine.flush();
    } else this.#broke({ code: reset });
  }

  #broke(error: SocketError): void {
    if (this.#closed) return;
    if (this.#open) this.#engine.broke(this.#slot, error);
    else this.#engine.openFailed(this.#slot, error);
    this.#engine.flush();
  }
}
