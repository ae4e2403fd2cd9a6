import type { Dispatcher } from 'undici';
import { nowMicros } from '../../basis/clock.js';
import type { CompiledRequest } from '../protocol/http1/request-encoder.js';
import { contain, own } from './containment.js';

/** The connection, which is told of what becomes of its exchanges. */
export interface Carrier {
  readonly bytesRead: number;
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** undici is done with the response, and with the connection, if that ends. */
  completed(exchange: Exchange): void;
  failed(exchange: Exchange, error: Error): void;
  broke(error: Error): void;
}

/** One request after the other, as undici's handler of them. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly number: number;
  readonly #carrier: Carrier;
  #compiled: CompiledRequest | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #matchState = 0;
  /** Bytes that had been read when the request was sent: more are of its response. */
  #readBefore = 0;
  isBusy = false;
  /** 0: the head is not here yet. */
  status = 0;
  /** When the response was complete. */
  receivedAt = 0;

  constructor(number: number, carrier: Carrier) {
    this.number = number;
    this.#carrier = carrier;
  }

  send(compiled: CompiledRequest, sequence: number): void {
    this.#compiled = compiled;
    this.#controller = null;
    this.#matchState = 0;
    this.#readBefore = this.#carrier.bytesRead;
    this.isBusy = true;
    this.status = 0;
    contain(this.#carrier, () => this.#carrier.dispatch(compiled.materialize(sequence), this));
  }

  /** Nothing is told of the request any more. */
  end(): void {
    this.isBusy = false;
  }

  /** Resets its stream. */
  cancel(reason: Error): void {
    this.isBusy = false;
    contain(this.#carrier, () => this.#controller?.abort(reason));
  }

  /** Something of the answer had come. @param shared the connection has other frames to read, too */
  hasBegun(shared: boolean): boolean {
    return shared ? this.status !== 0 : this.#carrier.bytesRead > this.#readBefore;
  }

  /** What the scenario expects in the body was there. */
  get isBodyMatched(): boolean {
    const matcher = this.#compiled!.bodyMatcher;
    return matcher === null || matcher.isFound(this.#matchState);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const matcher = this.#compiled!.bodyMatcher;
    if (matcher === null) return;
    own(() => {
      this.#matchState = matcher.advance(this.#matchState, chunk, 0, chunk.length);
    });
  }

  onResponseEnd(): void {
    if (!this.isBusy) return;
    this.receivedAt = nowMicros();
    // undici drops a connection that may not be reused just after this call, not before it.
    process.nextTick(() => own(() => this.#carrier.completed(this)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.isBusy) return;
    if (this.#isBodiless(error)) this.onResponseEnd();
    else this.#carrier.failed(this, error);
  }

  /**
   * undici takes the length of a 304, or 204, for one that must follow (RFC 9110 §8.6). The response
   * is complete, though undici has closed the connection.
   */
  #isBodiless(error: NodeJS.ErrnoException): boolean {
    const bodiless = this.status === 304 || this.status === 204;
    return bodiless && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  }
}
