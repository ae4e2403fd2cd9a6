/** Numbered events, each written by itself, so many milliseconds after the one before. */
export class EventStream {
  #response;
  #count;
  #paceMs;
  #startedAt = performance.now();
  #sent = 0;
  #timer;

  constructor(response, count, paceMs) {
    this.#response = response;
    this.#count = count;
    this.#paceMs = paceMs;
  }

  start() {
    this.#response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
    });
    // Its client may leave at any time.
    this.#response.on('close', () => clearTimeout(this.#timer));
    this.#goOn();
  }

  #goOn() {
    while (this.#sent < this.#count) {
      const leftMs = this.#startedAt + this.#sent * this.#paceMs - performance.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.#goOn(), Math.ceil(leftMs));
        return;
      }
      this.#sent += 1;
      if (!this.#response.write(`id: ${this.#sent}\ndata: Hello, World!\n\n`)) {
        this.#response.once('drain', () => this.#goOn());
        return;
      }
    }
    this.#response.end();
  }
}
