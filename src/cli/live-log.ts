const betweenLinesMillis = 5_000;

/** A line every five seconds, and a last one of each phase that had any, for logs. */
export class LiveLog {
  readonly #stream: NodeJS.WriteStream;
  readonly #line: () => string;
  readonly #timer: NodeJS.Timeout;
  #wrote = false;

  constructor(stream: NodeJS.WriteStream, line: () => string) {
    this.#stream = stream;
    this.#line = line;
    this.#timer = setInterval(this.#write, betweenLinesMillis).unref();
  }

  phaseOver(): void {
    if (this.#wrote) this.#write();
    this.#wrote = false;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  readonly #write = (): void => {
    this.#wrote = true;
    this.#stream.write(`${this.#line()}\n`);
  };
}
