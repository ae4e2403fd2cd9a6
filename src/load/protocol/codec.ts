import type { RequestErrorKind } from '../errors.js';
import type { Negotiated } from '../negotiated.js';
import type { LoadPlan } from '../plan.js';

/**
 * A protocol, as a transport sees it: which octets a request is, and what those that come back mean.
 * There is one for all connections of a worker, which are numbered, as exchanges are: calls on the
 * hot path stay monomorphic, and a connection that is idle costs no object. It closes nothing and keeps no time.
 */
export interface Codec {
  readonly http: Negotiated['http'];
  /** Its name where TLS negotiates (RFC 7301). */
  readonly alpn: string;
  /** By origin, since each has a Host of its own, and then by request. */
  readonly requests: readonly (readonly EncodedRequest[])[];

  /** A request goes out as this exchange, which is free. */
  sent(exchange: number, request: number): void;

  /** `bytes[start]` … `bytes[end − 1]` came; they may be overwritten afterwards. */
  read(connection: number, bytes: Uint8Array, start: number, end: number): void;

  /**
   * The server closed its side.
   * @param inOrder false: it did not say so as TLS has it, so that what ends with the connection may
   * have been cut short on the way (RFC 9112 §9.8)
   */
  ended(connection: number, inOrder: boolean): void;

  /** The connection broke. @param kind what that is to a request under way */
  broke(connection: number, kind: RequestErrorKind): void;

  /** The transport has closed it: what was under way is forgotten, and nothing is told. */
  closed(connection: number): void;

  /** A request is under way on it. */
  isBusy(connection: number): boolean;
}

/** The transport, to which a codec says what the octets mean. */
export interface CodecListener {
  /** The whole response is here. @param reusable whether the connection may carry another request */
  answered(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void;
  /** The request under way failed, and the connection with it. */
  failed(exchange: number, kind: RequestErrorKind): void;
  /** The connection is of no use any more; no request was under way. */
  lost(connection: number): void;
}

/** A request that is ready to be put on the wire. */
export interface EncodedRequest {
  /** It is the same octets each time. */
  readonly isConstant: boolean;
  /** The most octets that `write` writes. */
  readonly maxBytes: number;
  /** Writes request number `sequence` to `target` from `at` on; returns its length. */
  write(target: Uint8Array, at: number, sequence: number): number;
  /** Its octets; they hold until the same exchange asks again. */
  bytesFor(exchange: number, sequence: number): Uint8Array;
}

/** What a transport is given to speak. */
export interface Protocol {
  /** How many requests one connection carries at once. */
  streams(plan: LoadPlan): number;
  /** @param slots how many connections there are */
  createCodec(plan: LoadPlan, slots: number, listener: CodecListener): Codec;
}
