import type { ConnectErrorKind, RequestErrorKind } from './errors.js';
import type { ExchangeNumbers } from './exchange-numbers.js';
import type { Handshakes, Negotiated } from './negotiated.js';
import type { FailureReasons } from './failure-reasons.js';
import type { Gathering } from './gathering.js';
import type { LoadPlan } from './plan.js';
import type { Shard } from './shard.js';

/**
 * A transport with the codec of a protocol: opens connections, puts requests on the wire and says
 * what came back. It decides nothing and counts no request; when to open and when to send is the
 * shard's affair, the same for every engine. Connections are numbered 0 … slots−1, and exchanges, of
 * which each carries one request after the other, as `ExchangeNumbers` says.
 *
 * All times are microseconds of `nowMicros()`. No call may block, and none may call the listener
 * before it returns, except that an engine may deliver events from within `drive`.
 */
export interface Engine {
  /** How many requests a connection carries at once is what the protocol allows. */
  readonly numbers: ExchangeNumbers;

  /** Bytes on the wire since the start, as far as the transport can see them (TLS: decrypted). */
  readonly traffic: Traffic;

  /** What the connections so far agreed on with the server, each once. */
  readonly negotiated: readonly Negotiated[];

  /** TLS handshakes that were completed since the start. */
  readonly handshakes: Readonly<Handshakes>;

  /** What OpenSSL, or the server, said of failures. */
  readonly failureReasons: FailureReasons;

  /** Opens a closed connection; `opened` or `openFailed` follows. */
  open(connection: number): void;

  /**
   * Sends one request as a free exchange of an open connection; `responded` or `failed` follows.
   * @param request index into the plan's requests
   * @param sequence its number in the whole run, for `{seq}`
   */
  send(exchange: number, request: number, sequence: number): void;

  /**
   * Gives up a request that is under way. No event of it follows.
   * @returns whether its connection may carry others; if not, it is closed once it carries nothing
   */
  cancel(exchange: number): boolean;

  /**
   * Ends, in order, what is held open beyond requests, of which none is under way.
   * @returns whether it has ended, on both sides; to be called again until then
   */
  conclude(): boolean;

  /** Closes a connection, whatever it is doing. No event of it, or of its exchanges, follows. */
  close(connection: number): void;

  /**
   * Runs the transport until `tick` returns `finished`. Calls `tick` at the time that it last asked
   * for, as exactly as the platform allows, and at least every 20 ms.
   */
  drive(tick: Tick): Promise<void>;

  /** Closes what is open and gives back what it holds. */
  dispose(): Promise<void>;
}

/** Returns when to be called next, or `finished`. */
export type Tick = (now: number) => number;
export const finished = -1;

export interface Traffic {
  sent: number;
  received: number;
}

export interface EngineListener {
  /**
   * When what is told next happened. A field and not an argument, since a number that is passed to a
   * function is an object to V8, one for each request.
   */
  now: number;
  /** How long answers may gather; an engine that cannot let them looks at each as it comes. */
  readonly gathering: Readonly<Pick<Gathering, 'micros' | 'answers'>>;
  /** @param most how many requests it may carry at once, which may be fewer than are asked for */
  opened(connection: number, most: number): void;
  openFailed(connection: number, kind: ConnectErrorKind): void;
  /**
   * The whole response is here.
   * @param bodyMatched false if the scenario expects a text in the body and it is not there
   * @param reusable false if the connection takes no further request: it is closed once what else it
   * carries has ended, of which each is told
   */
  responded(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void;
  /**
   * A response that is a stream of events has begun, or goes on; `responded` or `failed` follows.
   * @param events how many were completed
   */
  streamed(exchange: number, events: number): void;
  /** The request under way failed. @param reusable as above */
  failed(exchange: number, kind: RequestErrorKind, reusable: boolean): void;
  /** The server closed a connection that carried nothing. */
  lost(connection: number): void;
  /** From now on the connection carries `most` requests at once. */
  limited(connection: number, most: number): void;
  /** The connection takes no further request, as above; it carries some yet. */
  retired(connection: number): void;
  /** The server says that it did nothing for the request under way; its connection is retired. */
  returned(exchange: number): void;
  /** The server has ended a call that was held open. @param kind null: with success */
  callEnded(kind: RequestErrorKind | null): void;
  /** Of a fan-out, a message came to its last octet. @param message its number within its phase */
  heard(connection: number, phase: number, message: number): void;
}

export interface EngineSetup {
  readonly plan: LoadPlan;
  readonly shard: Shard;
  /** How many connections this shard holds at the most. */
  readonly slots: number;
  readonly listener: EngineListener;
  /** Poll between sends instead of sleeping, for exact pacing; wants a CPU of its own. */
  readonly spin: boolean;
}
