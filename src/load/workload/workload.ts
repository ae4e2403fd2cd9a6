import type { Counts } from '../../latency/counts.js';

/**
 * Decides when a phase's requests start. One implementation for each load model. The time is the
 * starter's `now`: a number that is passed to a function is an object to V8, one for each request.
 */
export interface Workload {
  /** How many requests this shard is to send, where the plan says so. */
  readonly planned: number | null;

  /** The phase's clock starts: `now` is its zero. */
  begin(now: number): void;

  /** An exchange became free; `fresh` when its connection was just opened. */
  ready(exchange: number, fresh: boolean): void;

  /** Starts what is due, as far as exchanges are free. Returns when something is due next. */
  pump(): number;

  /** A request that was started could not be sent after all, because its connection failed. */
  returned(): void;

  /** The server did nothing for this exchange's request, which starts anew, with its intended start. */
  again(exchange: number): void;

  /** A request is due, and waits until there is a connection. */
  readonly starved: boolean;

  /** The phase's clock has stopped at `now`: what is due by then and was not started never will be. */
  end(now: number): void;

  /** Nothing is left to start. */
  readonly exhausted: boolean;

  /** What of the plan has not been sent so far. */
  readonly notSent: NotSent;
}

export interface NotSent {
  /** Too late before it could be sent. */
  readonly shed: number;
  /** Due or planned, but never started. */
  readonly unsent: number;
}

/** Puts a request on a free exchange. */
export interface Starter {
  readonly now: number;
  /** By exchange: when its request should have started. Set before `start`. */
  readonly intendedAt: Float64Array;
  start(exchange: number): void;
}

/** Where an open workload counts, in whole microseconds, what became of requests before their send. */
export interface SendRecorder {
  /** How late a request was started although a connection was free. */
  readonly pacingLag: Counts;
  /** One that was due for so long, and was given up. */
  neverSent(waited: number): void;
}
