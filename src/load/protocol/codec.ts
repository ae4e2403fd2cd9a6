import type { ConnectErrorKind, RequestErrorKind } from '../errors.js';
import type { FailureReasons } from '../failure-reasons.js';
import type { Negotiated } from '../negotiated.js';
import type { LoadPlan } from '../plan.js';
import type { Outbox } from './outbox.js';

/**
 * A protocol, as a transport sees it: which octets a request is, and what those that come back mean.
 * There is one for all connections of a worker, which are numbered, as exchanges are: calls on the
 * hot path stay monomorphic, and a connection that is idle costs no object. It closes nothing and keeps no time.
 */
export interface Codec {
  readonly http: Negotiated['http'];
  /** Its name where TLS negotiates (RFC 7301). */
  readonly alpn: string;
  /**
   * What is sent as it stands, and answered before the exchange sends again. By origin, since each
   * has a Host of its own, and then by request. Empty where there is `outgoing`.
   */
  readonly requests: readonly (readonly EncodedRequest[])[];
  /** Null: requests are all that is sent. */
  readonly outgoing: Outgoing | null;

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

/**
 * What a codec sends of its own accord, beside requests and in between: it puts all octets into an
 * outbox, from which the transport sends once in each turn.
 */
export interface Outgoing {
  readonly outbox: Outbox;

  /** The transport is connected. `ready`, `unusable` or the connection's end follows. */
  opened(connection: number, origin: number): void;

  /** Sends request number `sequence` as this exchange, which is free. */
  send(exchange: number, request: number, sequence: number): void;

  /**
   * Gives up a request that is under way. No event of it follows.
   * @returns whether its connection may carry others
   */
  cancel(exchange: number): boolean;

  /**
   * Ends, in order, what is held open beyond requests, of which none is under way.
   * @returns whether it has ended, on both sides; to be called again until then
   */
  conclude(): boolean;

  /** There is room in the outbox of a connection that wanted it. */
  hasRoom(connection: number): void;
}

/** The transport, to which a codec says what the octets mean. */
export interface CodecListener {
  /** What the server says of failures goes here. */
  readonly failureReasons: Pick<FailureReasons, 'note'>;
  /**
   * The whole response is here.
   * @param reusable whether the connection may carry another request; if not, it is to be closed once
   * nothing else is under way on it
   */
  answered(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void;
  /**
   * Octets came of a response that is a stream of events, which goes on. The first time, it is its head.
   * @param events how many events they complete
   */
  streamed(exchange: number, events: number): void;
  /** The request under way failed. @param reusable as above */
  failed(exchange: number, kind: RequestErrorKind, reusable: boolean): void;
  /** The connection is of no use any more; no request was under way. */
  lost(connection: number): void;

  // Of codecs with `outgoing` only.
  /** The connection may carry requests, `most` of them at once. */
  ready(connection: number, most: number): void;
  /** The connection is of no use, and never was. */
  unusable(connection: number, kind: ConnectErrorKind): void;
  /** From now on it carries `most` requests at once. */
  limited(connection: number, most: number): void;
  /** It carries no further request; what is under way goes on. */
  retired(connection: number): void;
  /** The server did nothing for the request under way, and says so; the connection is retired. */
  returned(exchange: number): void;
  /** The server has ended a call that was held open. @param kind null: with success */
  callEnded(kind: RequestErrorKind | null): void;
  /** Of a fan-out, a message came to its last octet. @param message its number within its phase */
  heard(connection: number, phase: number, message: number): void;
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
  /**
   * @param slots how many connections there are
   * @param allocate memory that the transport can send from, for the outbox
   */
  createCodec(
    plan: LoadPlan,
    slots: number,
    listener: CodecListener,
    allocate: (bytes: number) => Uint8Array,
  ): Codec;
}
