import type { RequestErrorKind } from '../errors.js';
import type { Negotiated } from '../negotiated.js';
import type { LoadPlan } from '../plan.js';

/**
 * A protocol, as a transport sees it: which octets a request is, and what those that come back mean.
 * There is one for all connections of a worker, which are named by slot: calls on the hot path stay
 * monomorphic, and a connection that is idle costs no object. It closes nothing and keeps no time.
 */
export interface Codec {
  readonly http: Negotiated['http'];
  /** Its name where TLS negotiates (RFC 7301). */
  readonly alpn: string;
  /** By origin, since each has a Host of its own, and then by request. */
  readonly requests: readonly (readonly EncodedRequest[])[];

  /** A request goes out on this connection, on which none is under way. */
  sent(slot: number, request: number): void;

  /** `bytes[start]` … `bytes[end − 1]` came; they may be overwritten afterwards. */
  read(slot: number, bytes: Uint8Array, start: number, end: number): void;

  /** The server closed its side, in order. */
  ended(slot: number): void;

  /** The connection broke. @param kind what that is to a request under way */
  broke(slot: number, kind: RequestErrorKind): void;

  /** The transport has closed it: what was under way is forgotten, and nothing is told. */
  closed(slot: number): void;

  /** A request is under way. */
  isBusy(slot: number): boolean;
}

/** The transport, to which a codec says what the octets mean. */
export interface CodecListener {
  /** The whole response is here. @param reusable whether the connection may carry another request */
  answered(slot: number, status: number, bodyMatched: boolean, reusable: boolean): void;
  /** The request under way failed, and the connection with it. */
  failed(slot: number, kind: RequestErrorKind): void;
  /** The connection is of no use any more; no request was under way. */
  lost(slot: number): void;
}

/** A request that is ready to be put on the wire. */
export interface EncodedRequest {
  /** It is the same octets each time. */
  readonly isConstant: boolean;
  /** The most octets that `write` writes. */
  readonly maxBytes: number;
  /** Writes request number `sequence` to `target` from `at` on; returns its length. */
  write(target: Uint8Array, at: number, sequence: number): number;
  /** Its octets; they hold until the same connection asks again. */
  bytesFor(slot: number, sequence: number): Uint8Array;
}

export type CreateCodec = (plan: LoadPlan, slots: number, listener: CodecListener) => Codec;
