import { Counts, type CountsSnapshot } from '../latency/counts.js';
import { StreamSeries, type StreamSeriesTally } from './stream-series.js';
import { requestErrorKinds, type RequestErrorKind } from './errors.js';

/** What became of requests: of one of the scenario's, or of all. */
export interface RequestCounts {
  readonly sent: number;
  readonly responses: number;
  readonly responsesInWindow: number;
  readonly statusCodes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
}

/** What one shard counted of one of the scenario's requests in one phase. */
export interface RequestTally extends RequestCounts {
  /** Of the responses, those with a status from 400 on that the request does not expect. */
  readonly errorStatuses: Readonly<Record<string, number>>;
  /** Of the whole phase; null also of a request that has no other beside it. */
  readonly latency: CountsSnapshot | null;
  readonly latencyCensored: CountsSnapshot | null;
  /** null of one that asks for no stream of events, and of one that has no other beside it. */
  readonly streams: StreamSeriesTally | null;
}

const statusCodes = 1000;

/**
 * Counts what became of one of the scenario's requests; nothing is allocated per request. The only
 * one of its scenario keeps no latencies of its own, since the phase's are the same.
 */
export class RequestSeries {
  readonly #latency: Counts | null;
  readonly #latencyCensored: Counts | null;
  readonly #statusCodes = new Float64Array(statusCodes);
  readonly #errorStatuses = new Float64Array(statusCodes);
  readonly #errors = new Float64Array(requestErrorKinds.length);
  sent = 0;
  responses = 0;
  responsesInWindow = 0;

  /** Of its streams of events; null like the latencies, and where it asks for none. */
  readonly streams: StreamSeries | null;

  constructor(only: boolean, isStream: boolean) {
    this.streams = only || !isStream ? null : new StreamSeries();
    this.#latency = only ? null : new Counts();
    this.#latencyCensored = only ? null : new Counts();
  }

  /** @param latency whole microseconds */
  response(latency: number, inWindow: boolean): void {
    this.responses++;
    if (inWindow) this.responsesInWindow++;
    if (this.#latency !== null) this.#latency.record(latency);
  }

  /** @param waited whole microseconds */
  unanswered(waited: number): void {
    this.#latencyCensored?.record(waited);
  }

  status(code: number): void {
    this.#statusCodes[code] = this.#statusCodes[code]! + 1;
  }

  errorStatus(code: number): void {
    this.#errorStatuses[code] = this.#errorStatuses[code]! + 1;
  }

  error(kind: RequestErrorKind): void {
    const index = requestErrorKinds.indexOf(kind);
    this.#errors[index] = this.#errors[index]! + 1;
  }

  /** Failed requests by kind. */
  errors(): Record<string, number> {
    return nonZero(this.#errors, (index) => requestErrorKinds[index]!);
  }

  /** Hands out the latencies since the last call, and what was counted since `clear`. */
  take(): RequestTally {
    return {
      sent: this.sent,
      responses: this.responses,
      responsesInWindow: this.responsesInWindow,
      statusCodes: nonZero(this.#statusCodes, String),
      errors: this.errors(),
      errorStatuses: nonZero(this.#errorStatuses, String),
      latency: this.#latency?.take() ?? null,
      latencyCensored: this.#latencyCensored?.take() ?? null,
      streams: this.streams?.take() ?? null,
    };
  }

  clear(): void {
    this.#latency?.clear();
    this.#latencyCensored?.clear();
    this.streams?.clear();
    this.#statusCodes.fill(0);
    this.#errorStatuses.fill(0);
    this.#errors.fill(0);
    this.sent = 0;
    this.responses = 0;
    this.responsesInWindow = 0;
  }
}

/** Those above 0, by name. */
export function nonZero(
  counts: Float64Array,
  nameOf: (index: number) => string,
): Record<string, number> {
  const named: Record<string, number> = {};
  counts.forEach((count, index) => {
    if (count > 0) named[nameOf(index)] = count;
  });
  return named;
}
