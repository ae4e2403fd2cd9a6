import net from 'node:net';
import tls from 'node:tls';
import { nowMicros } from '../../basis/clock.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../errors.js';
import type { CompiledRequest } from '../protocol/http1/request-encoder.js';
import { ParseStatus, ResponseParser } from '../protocol/http1/response-parser.js';
import { negotiatedOn, type Negotiated } from '../negotiated.js';
import type { AddressRange } from '../../basis/address-range.js';
import type { Origin } from '../plan.js';
import { addressAt, countAddresses, dotted } from '../../basis/address-range.js';
import { arrivalNumber } from '../shard.js';
import { resetAtEnd } from './reset-at-end.js';
import type { EngineListener, EngineSetup, Traffic } from '../engine.js';
import { EventLoopEngine, type LoopConnection } from './event-loop-engine.js';

/** Large enough for most responses in one read, small enough to stay in the cache. */
const readBytes = 64 * 1024;

/** HTTP/1.1 over Node's own sockets, plain or TLS, with c1m's encoder and parser: every platform. */
export class NetEngine extends EventLoopEngine<Connection> {
  readonly traffic: Traffic = { sent: 0, received: 0 };
  /** One for all: the parser is done with the bytes before the next read begins. */
  readonly #readBuffer = Buffer.allocUnsafeSlow(readBytes);
  readonly #secureContext: tls.SecureContext | undefined;

  constructor(setup: EngineSetup) {
    super(setup);
    if (setup.plan.origins.some((origin) => origin.protocol === 'https:')) {
      this.#secureContext = tls.createSecureContext();
    }
  }

  protected connect(
    slot: number,
    origin: Origin,
    requests: readonly CompiledRequest[],
  ): Connection {
    const { plan, listener, shard } = this.setup;
    return new Connection(
      slot,
      origin,
      requests,
      this.#readBuffer,
      this.#secureContext === undefined
        ? null
        : { secureContext: this.#secureContext, rejectUnauthorized: plan.tls.verify },
      listener,
      this.traffic,
      plan.localAddresses === null
        ? null
        : localAddressOf(arrivalNumber(slot, shard), plan.localAddresses),
      (negotiated) => this.agreed(negotiated),
    );
  }
}

/** One address after the other, whichever shard the connection is in. */
function localAddressOf(number: number, ranges: readonly AddressRange[]): string {
  return dotted(addressAt(ranges, number % countAddresses(ranges)));
}

class Connection implements LoopConnection {
  readonly #slot: number;
  readonly #requests: readonly CompiledRequest[];
  readonly #listener: EngineListener;
  readonly #traffic: Traffic;
  readonly #agreed: (negotiated: Negotiated) => void;
  readonly #socket: net.Socket;
  readonly #parser = new ResponseParser();
  #open = false;
  #closed = false;
  #busy = false;

  constructor(
    slot: number,
    origin: Origin,
    requests: readonly CompiledRequest[],
    readBuffer: Buffer,
    secure: { secureContext: tls.SecureContext; rejectUnauthorized: boolean } | null,
    listener: EngineListener,
    traffic: Traffic,
    localAddress: string | null,
    agreed: (negotiated: Negotiated) => void,
  ) {
    this.#slot = slot;
    this.#requests = requests;
    this.#listener = listener;
    this.#traffic = traffic;
    this.#agreed = agreed;
    const options = {
      ...(localAddress === null ? {} : { localAddress }),
      host: origin.address,
      port: origin.port,
      noDelay: true,
      // What ends is closed by hand, after a look at how it ended.
      allowHalfOpen: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes: number, buffer: Uint8Array): boolean => {
          this.#read(buffer, bytes);
          return true;
        },
      },
    };
    if (origin.protocol === 'https:') {
      const servername = net.isIP(origin.hostname) === 0 ? origin.hostname : '';
      this.#socket = tls.connect({
        ...options,
        ...secure,
        servername,
        ALPNProtocols: ['http/1.1'],
      });
      this.#socket.once('secureConnect', () => this.#opened());
    } else {
      this.#socket = net.connect(options);
      this.#socket.once('connect', () => this.#opened());
    }
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error.code));
    this.#socket.once('end', () => this.#ended());
    this.#socket.once('close', () => this.#ended());
  }

  send(request: number, sequence: number): void {
    const compiled = this.#requests[request]!;
    this.#busy = true;
    this.#parser.reset(compiled.expectsNoBody, compiled.bodyMatcher);
    const bytes = compiled.bytesFor(this.#slot, sequence);
    this.#traffic.sent += bytes.length;
    this.#socket.write(bytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
  }

  #opened(): void {
    if (this.#closed) return;
    this.#open = true;
    this.#agreed(negotiatedOn(this.#socket, '1.1'));
    this.#listener.now = nowMicros();
    this.#listener.opened(this.#slot);
  }

  #read(buffer: Uint8Array, length: number): void {
    if (this.#closed) return;
    this.#traffic.received += length;
    if (!this.#busy) {
      // Bytes that answer no request: nothing on this connection can be believed any more.
      this.#lost();
      return;
    }
    switch (this.#parser.feed(buffer, 0, length)) {
      case ParseStatus.needMore:
        return;
      case ParseStatus.complete:
        this.#complete(this.#parser.consumed === length);
        return;
      case ParseStatus.failed:
        this.#fail(this.#parser.failure ?? 'malformed');
    }
  }

  #complete(clean: boolean): void {
    const { status, bodyMatched, keepAlive } = this.#parser;
    const reusable = keepAlive && clean;
    this.#busy = false;
    if (!reusable) this.close();
    this.#listener.now = nowMicros();
    this.#listener.responded(this.#slot, status, bodyMatched, reusable);
  }

  #ended(): void {
    if (this.#closed) return;
    if (!this.#open) this.#failed('ECONNRESET');
    else if (!this.#busy) this.#lost();
    else this.#endedBusy(resetAtEnd(this.#socket));
  }

  #endedBusy(reset: string | null): void {
    if (reset !== null) this.#failed(reset);
    else if (this.#parser.finish() === ParseStatus.complete) this.#complete(false);
    else this.#fail(this.#parser.failure ?? 'malformed');
  }

  #failed(code: string | undefined): void {
    if (this.#closed) return;
    if (this.#open) {
      if (this.#busy) this.#fail(requestErrorKind(code));
      else this.#lost();
      return;
    }
    this.close();
    this.#listener.now = nowMicros();
    this.#listener.openFailed(this.#slot, connectErrorKind(code));
  }

  #fail(kind: RequestErrorKind): void {
    this.close();
    this.#listener.now = nowMicros();
    this.#listener.failed(this.#slot, kind);
  }

  #lost(): void {
    this.close();
    this.#listener.now = nowMicros();
    this.#listener.lost(this.#slot);
  }
}
