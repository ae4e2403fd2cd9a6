import net from 'node:net';
import tls from 'node:tls';
import { addressAt, countAddresses, dotted, type AddressRange } from '../../basis/address-range.js';
import { nowMicros } from '../../basis/clock.js';
import type { EngineSetup, Traffic } from '../engine.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../errors.js';
import { negotiatedOn } from '../negotiated.js';
import type { Codec, CodecListener, Protocol } from '../protocol/codec.js';
import { isSecure } from '../plan.js';
import { serverNameOf } from '../server-name.js';
import type { SocketError } from '../tls-failures.js';
import { nodeContext, nodeOptions } from '../../tls/node-options.js';
import { arrivalNumber } from '../shard.js';
import { EventLoopEngine, type LoopConnection } from './event-loop-engine.js';
import { resetAtEnd } from './reset-at-end.js';

/** Large enough for most responses in one read, small enough to stay in the cache. */
const readBytes = 64 * 1024;

/** Octets over Node's own sockets, plain or TLS: every platform. */
export class NetEngine extends EventLoopEngine<Connection> implements CodecListener {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  readonly #codec: Codec;
  /** One for all: the codec is done with the bytes before the next read begins. */
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBytes);
  readonly #secureContext: tls.SecureContext | undefined;
  /** By slot, of the connection before; null: none is taken up. */
  readonly #sessions: Map<number, Buffer> | null;

  constructor(setup: EngineSetup, protocol: Protocol) {
    super(setup, protocol.streams(setup.plan));
    this.#codec = protocol.createCodec(setup.plan, setup.slots, this);
    this.#sessions = setup.plan.tls.resume ? new Map() : null;
    if (isSecure(setup.plan)) this.#secureContext = nodeContext(setup.plan.tls);
  }

  override close(slot: number): void {
    super.close(slot);
    this.#codec.closed(slot);
  }

  answered(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void {
    if (!reusable) this.close(this.numbers.connectionOf(exchange));
    this.#happened().responded(exchange, status, bodyMatched, reusable);
  }

  failed(exchange: number, kind: RequestErrorKind): void {
    this.close(this.numbers.connectionOf(exchange));
    this.#happened().failed(exchange, kind, false);
  }

  lost(slot: number): void {
    this.close(slot);
    this.#happened().lost(slot);
  }

  opened(slot: number, socket: net.Socket): void {
    this.agreed(negotiatedOn(socket, this.#codec.http, 'tcp'));
    this.handshaken(socket);
    this.#happened().opened(slot);
  }

  openFailed(slot: number, error: SocketError): void {
    const kind = connectErrorKind(error.code);
    this.tlsFailures.noteOf(kind, error);
    this.close(slot);
    this.#happened().openFailed(slot, kind);
  }

  broke(slot: number, error: SocketError): void {
    const kind = requestErrorKind(error.code);
    this.tlsFailures.noteOf(kind, error);
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

  /** The listener, to be told of what happens now. */
  #happened(): EngineSetup['listener'] {
    const { listener } = this.setup;
    listener.now = nowMicros();
    return listener;
  }

  #dial(slot: number, origin: number, onread: net.OnReadOpts): net.Socket {
    const { plan, shard } = this.setup;
    const { protocol, hostname, address, port, connectPort } = plan.origins[origin]!;
    const locals = plan.localAddresses;
    const options = {
      ...(locals === null
        ? {}
        : { localAddress: localAddressOf(arrivalNumber(slot, shard), locals) }),
      host: address,
      port: connectPort ?? port,
      noDelay: true,
      // What ends is closed by hand, after a look at how it ended.
      allowHalfOpen: true,
      onread,
    };
    if (protocol === 'http:') return net.connect(options);
    const session = this.#sessions?.get(slot);
    return tls.connect({
      ...options,
      ...(this.#secureContext === undefined ? {} : { secureContext: this.#secureContext }),
      ...nodeOptions(serverNameOf({ hostname }, plan.tls), plan.tls),
      ...(session === undefined ? {} : { session }),
      ALPNProtocols: [this.#codec.alpn],
    });
  }
}

/** One address after the other, whichever shard the connection is in. */
function localAddressOf(number: number, ranges: readonly AddressRange[]): string {
  return dotted(addressAt(ranges, number % countAddresses(ranges)));
}

/** One socket, for as long as it is the slot's. */
class Connection implements LoopConnection {
  readonly #slot: number;
  readonly #origin: number;
  readonly #engine: NetEngine;
  readonly #codec: Codec;
  readonly #socket: net.Socket;
  #open = false;
  #closed = false;

  constructor(
    slot: number,
    origin: number,
    engine: NetEngine,
    codec: Codec,
    dial: (read: net.OnReadOpts['callback']) => net.Socket,
  ) {
    this.#slot = slot;
    this.#origin = origin;
    this.#engine = engine;
    this.#codec = codec;
    this.#socket = dial((length, bytes) => {
      this.#read(bytes, length);
      return true;
    });
    const ready = this.#socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect';
    this.#socket.once(ready, () => this.#opened());
    this.#socket.on('error', (error: SocketError) => this.#broke(error));
    if (this.#socket instanceof tls.TLSSocket) {
      this.#socket.on('session', (session) => {
        if (!this.#closed) engine.keepSession(slot, session);
      });
    }
    this.#socket.once('end', () => this.#ended());
    this.#socket.once('close', () => this.#ended());
  }

  send(exchange: number, request: number, sequence: number): void {
    const bytes = this.#codec.requests[this.#origin]![request]!.bytesFor(exchange, sequence);
    this.#codec.sent(exchange, request);
    this.#engine.traffic.sent += bytes.length;
    this.#socket.write(bytes);
  }

  cancel(): boolean {
    return false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
  }

  #opened(): void {
    if (this.#closed) return;
    this.#open = true;
    this.#engine.opened(this.#slot, this.#socket);
  }

  #read(bytes: Uint8Array, length: number): void {
    if (this.#closed) return;
    this.#engine.traffic.received += length;
    this.#codec.read(this.#slot, bytes, 0, length);
  }

  #ended(): void {
    if (this.#closed) return;
    if (!this.#open) {
      this.#broke({ code: 'ECONNRESET' });
      return;
    }
    const reset = this.#codec.isBusy(this.#slot) ? resetAtEnd(this.#socket) : null;
    if (reset === null) this.#codec.ended(this.#slot, true);
    else this.#broke({ code: reset });
  }

  #broke(error: SocketError): void {
    if (this.#closed) return;
    if (this.#open) this.#engine.broke(this.#slot, error);
    else this.#engine.openFailed(this.#slot, error);
  }
}
