import { isIP } from 'node:net';
import {
  Control,
  recordBytes,
  SslError,
  type OpenSsl,
  type Pointer,
} from '../../../tls/openssl.js';
import { tlsFailure, type TlsFailure } from '../../../tls/failure.js';
import { MemoryBios } from '../../../tls/memory-bios.js';
import { SecureContext } from '../../../tls/secure-context.js';
import { Addresses, type Memory } from '../../../uring/memory.js';
import type { Libc } from '../../../uring/libc.js';
import { distinct, type Handshakes, type Negotiated } from '../../negotiated.js';
import { transportOf, type LoadPlan } from '../../plan.js';
import { serverNameOf } from '../../server-name.js';
import type { Codec } from '../../protocol/codec.js';
import { SealedMemory } from './sealed-memory.js';
import type { SlotRings } from './slot-rings.js';

/** What a record adds to its plaintext, at the most: far less than this (RFC 5246 §6.2, RFC 8446 §5.2). */
const overheadBytes = 256;
const plainBytes = 2 * recordBytes;
/** SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN: without them a session that is freed with its connection is void. */
const bothShutDown = 3;
/** X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS */
const noPartialWildcards = 4;

const endedEarly: TlsFailure = { code: 'ECONNRESET', reason: null };
const withoutHttp2: TlsFailure = { code: 'no-http2', reason: null };

/** The engine, to which is told what becomes of a connection, and which sends. */
export interface SecuredEngine {
  /** Sends octets as they are, behind those before; they stay until the kernel has them. */
  transmit(slot: number, low: number, high: number, length: number): void;
  /** Some of a long message is not with the kernel yet. */
  isSending(slot: number): boolean;
  secured(slot: number): void;
  notSecured(slot: number, failure: TlsFailure): void;
  /** `bytes[0]` … `bytes[end − 1]` came. */
  unsealed(slot: number, bytes: Uint8Array, end: number): void;
  /** @param inOrder the server said so (close_notify) */
  ended(slot: number, inOrder: boolean): void;
  /** TLS failed on an open connection. */
  alerted(slot: number, failure: TlsFailure): void;
}

/**
 * TLS of the connections of one thread, over memory: it opens what came, and seals what is to be sent.
 * A connection is an SSL object of OpenSSL's, and nothing here.
 */
export class SecureConnections {
  /** Cumulative. */
  readonly handshakes: Handshakes = { full: 0, resumed: 0 };
  negotiated: readonly Negotiated[] = [];
  readonly #openssl: OpenSsl;
  readonly #libc: Libc;
  readonly #engine: SecuredEngine;
  readonly #rings: SlotRings;
  readonly #codec: Codec;
  readonly #resume: boolean;
  readonly #verify: boolean;
  readonly #context: SecureContext;
  readonly #bios: MemoryBios;
  readonly #sealed: SealedMemory;
  readonly #plain: Memory;
  readonly #plainAddress: Addresses;
  /** By origin, as C has texts; null: it is not secured. */
  readonly #names: readonly (ServerName | null)[];
  readonly #scratch: Memory;
  /** By slot; null where it is not secured. See `Addresses` for why it is no typed array. */
  readonly #ssl: (Pointer | null)[];
  /** 1: the handshake is done. */
  readonly #open: Uint8Array;
  /** By origin. */
  readonly #transports: readonly Negotiated['transport'][];
  /** By slot, to which its connection goes. */
  readonly #origin: Uint16Array;
  /** By slot, the session of the connection before; 0: none. */
  readonly #sessions: Float64Array;
  /** Sealed octets behind a long message that is still being sent. */
  readonly #held = new Map<number, Buffer>();
  /** What was agreed on is looked up by what identifies it, so that most handshakes make no text. */
  readonly #known = new Set<string>();

  constructor(
    openssl: OpenSsl,
    libc: Libc,
    rings: SlotRings,
    plan: LoadPlan,
    slots: number,
    codec: Codec,
    engine: SecuredEngine,
  ) {
    this.#openssl = openssl;
    this.#libc = libc;
    this.#engine = engine;
    this.#rings = rings;
    this.#codec = codec;
    this.#resume = plan.tls.resume;
    this.#verify = plan.tls.verify;
    this.#context = new SecureContext(openssl, libc, plan.tls, [codec.alpn]);
    this.#bios = new MemoryBios(openssl, libc);
    this.#sealed = new SealedMemory(libc);
    this.#plain = libc.allocate(plainBytes);
    this.#plainAddress = new Addresses([this.#plain.address]);
    this.#scratch = libc.allocate(64);
    this.#names = plan.origins.map((origin) =>
      origin.protocol === 'https:' ? this.#nameOf(serverNameOf(origin, plan.tls)) : null,
    );
    this.#ssl = new Array<Pointer | null>(slots).fill(null);
    this.#open = new Uint8Array(slots);
    this.#transports = plan.origins.map(transportOf);
    this.#origin = new Uint16Array(slots);
    this.#sessions = new Float64Array(slots);
  }

  /** Whether connections to an origin are secured. */
  covers(origin: number): boolean {
    return this.#names[origin] !== null;
  }

  /** The slot's connection is secured, or about to be. */
  has(slot: number): boolean {
    return this.#ssl[slot] !== null;
  }

  /** The TCP connection is there: begins the handshake. */
  begin(slot: number, origin: number): void {
    const openssl = this.#openssl;
    const ssl = openssl.newSsl(this.#context.pointer);
    this.#ssl[slot] = ssl;
    this.#open[slot] = 0;
    this.#origin[slot] = origin;
    const { input, output } = this.#bios;
    // The connection takes over what it is given.
    openssl.keepBio(input);
    openssl.keepBio(output);
    openssl.setBios(ssl, input, output);
    openssl.setConnecting(ssl);
    const { isAddress, text } = this.#names[origin]!;
    if (!isAddress) openssl.control(ssl, Control.serverName, 0, text.address);
    if (this.#verify) {
      if (isAddress) openssl.setAddress(openssl.parameters(ssl), text.address);
      else {
        openssl.setHostFlags(openssl.parameters(ssl), noPartialWildcards);
        openssl.setHost(ssl, text.address);
      }
    }
    const session = this.#sessions[slot]!;
    if (session !== 0) openssl.setSession(ssl, session);
    this.#bios.give(0, 0, 0);
    this.#shake(slot, ssl);
  }

  /** Octets came, at the address with these halves. */
  feed(slot: number, low: number, high: number, length: number): void {
    const ssl = this.#ssl[slot]!;
    this.#bios.give(low, high, length);
    if (this.#open[slot] === 0) {
      this.#shake(slot, ssl);
      if (this.#ssl[slot] !== ssl || !this.#isOpen(slot)) return;
    }
    while (this.#bios.left > 0) {
      const bytes = this.#openssl.read(ssl, this.#plainAddress.at(0), plainBytes);
      if (bytes <= 0) {
        this.#stopped(slot, ssl, bytes);
        return;
      }
      if (this.#bios.hasOutput) this.#flush(slot);
      this.#engine.unsealed(slot, this.#plain.bytes, bytes);
      if (this.#ssl[slot] !== ssl) return;
    }
  }

  #isOpen(slot: number): boolean {
    return this.#open[slot] === 1;
  }

  /** The server's side ended, whether it has said so before or not. */
  end(slot: number): void {
    if (this.#open[slot] === 1) this.#engine.ended(slot, false);
    else this.#engine.notSecured(slot, endedEarly);
  }

  /** Seals a message and has it sent: octets that need not stay where they are. */
  seal(slot: number, address: Pointer, length: number): void {
    const ssl = this.#ssl[slot]!;
    if (this.#codec.outgoing !== null || length + overheadBytes > this.#sealed.room) {
      this.#sealLong(slot, ssl, address, length);
    } else {
      this.#openssl.write(ssl, address, length);
      this.#flush(slot);
    }
  }

  /** Octets of it are on their way to the kernel: nothing may be sealed until it has them. */
  isSending(slot: number): boolean {
    return this.#engine.isSending(slot);
  }

  /** A long message is with the kernel. */
  sent(slot: number): void {
    this.#sealed.sent(slot);
    const held = this.#held.get(slot);
    if (held === undefined) return;
    this.#held.delete(slot);
    this.#sendApart(slot, held);
  }

  /** Says that nothing more is sent (RFC 8446 §6.1). */
  bye(slot: number): void {
    const ssl = this.#ssl[slot] ?? null;
    if (ssl === null || this.#open[slot] === 0 || this.#engine.isSending(slot)) return;
    if (this.#openssl.shutdown(ssl) < 0) this.#openssl.clearErrors();
    if (this.#bios.hasOutput) this.#flush(slot);
  }

  /** The connection is closed; what its session was good for is kept for the next one. */
  drop(slot: number): void {
    const ssl = this.#ssl[slot] ?? null;
    if (ssl === null) return;
    this.#ssl[slot] = null;
    this.#held.delete(slot);
    const openssl = this.#openssl;
    openssl.setShutdown(ssl, bothShutDown);
    if (this.#resume && this.#open[slot] === 1) this.#keepSession(slot, ssl);
    this.#open[slot] = 0;
    openssl.freeSsl(ssl);
  }

  /** The rings must be closed. */
  free(): void {
    for (let slot = 0; slot < this.#sessions.length; slot++) {
      this.drop(slot);
      // After that: to drop a connection may change it.
      const session = this.#sessions[slot]!;
      if (session !== 0) this.#openssl.freeSession(session);
    }
    this.#context.free();
    this.#bios.free();
    this.#sealed.free();
    for (const name of this.#names) if (name !== null) this.#libc.free(name.text);
    this.#libc.free(this.#plain);
    this.#libc.free(this.#scratch);
  }

  #shake(slot: number, ssl: Pointer): void {
    const openssl = this.#openssl;
    const result = openssl.handshake(ssl);
    const error = result === 1 ? 0 : openssl.getError(ssl, result);
    // An alert that says why not goes out as well.
    if (this.#bios.hasOutput) this.#flush(slot);
    if (error === 0) this.#agreed(slot, ssl);
    else if (error !== SslError.wantRead) {
      const failure = tlsFailure(openssl, openssl.verifyResult(ssl));
      this.#engine.notSecured(slot, failure);
    }
  }

  #agreed(slot: number, ssl: Pointer): void {
    const openssl = this.#openssl;
    const alpn = this.#alpnOf(ssl);
    if (this.#codec.alpn === 'h2' && alpn !== 'h2') {
      this.#engine.notSecured(slot, withoutHttp2);
      return;
    }
    this.#open[slot] = 1;
    if (openssl.wasResumed(ssl) === 1) this.handshakes.resumed++;
    else this.handshakes.full++;
    const cipher = openssl.cipher(ssl);
    const transport = this.#transports[this.#origin[slot]!]!;
    const key = `${transport} ${openssl.versionNumber(ssl)} ${cipher} ${alpn ?? ''}`;
    if (!this.#known.has(key)) {
      this.#known.add(key);
      const { http } = this.#codec;
      const tls = { version: openssl.version(ssl), cipher: openssl.cipherName(cipher), alpn };
      this.negotiated = distinct([...this.negotiated, { http, transport, tls }]);
    }
    this.#engine.secured(slot);
  }

  #alpnOf(ssl: Pointer): string | null {
    const { address, buffer } = this.#scratch;
    this.#openssl.alpn(ssl, address, address + 8);
    // The server chooses what was offered, or nothing.
    return new DataView(buffer).getUint32(8, true) === 0 ? null : this.#codec.alpn;
  }

  /** Nothing could be read. */
  #stopped(slot: number, ssl: Pointer, result: number): void {
    const openssl = this.#openssl;
    const error = openssl.getError(ssl, result);
    if (this.#bios.hasOutput) this.#flush(slot);
    if (error === SslError.wantRead) return;
    if (error === SslError.ended) this.#engine.ended(slot, true);
    else {
      this.#engine.alerted(slot, tlsFailure(openssl, 0));
    }
  }

  /** Has sent what OpenSSL wrote. */
  #flush(slot: number): void {
    const sealed = this.#sealed;
    if (this.#rings.areHandedOver) sealed.rewind();
    else if (sealed.isFull) {
      this.#rings.handOver();
      sealed.rewind();
    }
    const place = sealed.claim();
    const { room } = sealed;
    const length = this.#bios.take(sealed.addresses.at(place), room);
    if (length < room && !this.#engine.isSending(slot)) {
      this.#engine.transmit(slot, sealed.lows[place]!, sealed.highs[place]!, length);
    } else this.#flushApart(slot, sealed.octets(place, length));
  }

  /** More than a place holds, or behind a long message: a long chain of certificates, a late alert. */
  #flushApart(slot: number, first: Uint8Array): void {
    const parts = [Buffer.from(first)];
    while (this.#bios.hasOutput) {
      const length = this.#bios.take(this.#plain.address, plainBytes);
      parts.push(Buffer.from(this.#plain.bytes.subarray(0, length)));
    }
    const held = this.#held.get(slot);
    const all = Buffer.concat(held === undefined ? parts : [held, ...parts]);
    if (this.#engine.isSending(slot)) this.#held.set(slot, all);
    else this.#sendApart(slot, all);
  }

  #sendApart(slot: number, octets: Buffer): void {
    const { memory, low, high } = this.#sealed.long(slot, octets.length);
    memory.bytes.set(octets);
    this.#engine.transmit(slot, low, high, octets.length);
  }

  #sealLong(slot: number, ssl: Pointer, address: Pointer, length: number): void {
    const records = Math.ceil(length / recordBytes);
    const { memory, low, high } = this.#sealed.long(slot, length + records * overheadBytes);
    let end = 0;
    for (let at = 0; at < length; at += recordBytes) {
      // A sum of addresses is an object to V8, and most messages have one record.
      const from = at === 0 ? address : address + at;
      const to = end === 0 ? memory.address : memory.address + end;
      this.#openssl.write(ssl, from, Math.min(recordBytes, length - at));
      end += this.#bios.take(to, memory.length - end);
    }
    this.#engine.transmit(slot, low, high, end);
  }

  #keepSession(slot: number, ssl: Pointer): void {
    const openssl = this.#openssl;
    const session = openssl.takeSession(ssl);
    if (session === 0) return;
    if (openssl.isResumable(session) !== 1) {
      openssl.freeSession(session);
      return;
    }
    const before = this.#sessions[slot]!;
    if (before !== 0) openssl.freeSession(before);
    this.#sessions[slot] = session;
  }

  #nameOf(name: string): ServerName {
    const text = this.#libc.allocate(name.length + 1);
    text.bytes.set(Buffer.from(name, 'latin1'));
    return { isAddress: isIP(name) !== 0, text };
  }
}

interface ServerName {
  readonly isAddress: boolean;
  /** With a 0 at its end. */
  readonly text: Memory;
}
