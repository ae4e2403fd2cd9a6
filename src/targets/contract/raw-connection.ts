import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

/** What a server did against the contract, in words for its author. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach';
}

export function demand(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new ContractBreach(detail);
}

/**
 * A connection on which every byte is the check's own: an HTTP client would neither send malformed
 * requests nor let us see where the answers are cut.
 */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #failure: string | null = null;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure = error.code ?? error.message;
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static async open({ hostname, port }: URL): Promise<RawConnection> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(data: string | Uint8Array): void {
    this.#socket.write(data);
  }

  /** Each byte on its own, as far as the kernel lets them apart. */
  async sendBytewise(data: string): Promise<void> {
    for (const byte of Buffer.from(data, 'latin1')) {
      this.#socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get(path: string, timeoutMs?: number): Promise<RawResponse> {
    this.send(head('GET', path));
    return this.response(timeoutMs);
  }

  getWith(path: string, fields: readonly string[]): Promise<RawResponse> {
    this.send(head('GET', path, ...fields));
    return this.response();
  }

  /** The next final response; informational ones before it are passed over. */
  async response(timeoutMs = 10_000): Promise<RawResponse> {
    for (;;) {
      const response = await this.take('answer', parseResponse, timeoutMs);
      if (response.status >= 200) return response;
    }
  }

  /** The head of a response whose body has no length. */
  responseHead(timeoutMs = 10_000): Promise<Omit<RawResponse, 'body'>> {
    return this.take('head of an answer', parseHead, timeoutMs);
  }

  /**
   * What a parser finds at the beginning of what has come, and of how many octets it is.
   * @param what it is called where it does not come
   */
  async take<T>(what: string, parse: Parser<T>, timeoutMs = 10_000): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    const taken = await this.#until(deadline, () => parse(this.#received, this.#closed));
    demand(
      taken !== null,
      this.#closed
        ? `the connection was closed${this.#failure === null ? '' : ` (${this.#failure})`} before a complete ${what}`
        : `no complete ${what} within ${timeoutMs} ms`,
    );
    this.#received = this.#received.subarray(taken.octets);
    return taken.value;
  }

  /** Whether the server closes within this time. Answers meanwhile stay to be read. */
  async closes(timeoutMs = 10_000): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    return (await this.#until(deadline, () => (this.#closed ? true : null))) === true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Reads no more, so that what the server sends has to wait with it. */
  pause(): void {
    this.#socket.pause();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }

  async #until<T>(deadline: number, take: () => T | null): Promise<T | null> {
    for (;;) {
      const taken = take();
      const left = deadline - performance.now();
      if (taken !== null || this.#closed || left <= 0) return taken;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Null: it is not all there. */
export type Parser<T> = (
  received: Buffer,
  closed: boolean,
) => { readonly value: T; readonly octets: number } | null;

const parseHead: Parser<Omit<RawResponse, 'body'>> = (received) => {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine, ...fields] = received.toString('latin1', 0, end).split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine!) ?? [];
  const status = Number(code);
  // A library's own refusal may be of HTTP/1.0 and end with the connection.
  demand(minor === '1' || status >= 400, `the answer starts with “${statusLine!.slice(0, 60)}”`);
  return { value: { status, headers: new Map(fields.map(parseField)) }, octets: end + 4 };
};

const parseResponse: Parser<RawResponse> = (received, closed) => {
  const head = parseHead(received, closed);
  if (head === null) return null;
  const { status, headers } = head.value;
  const length = status < 200 ? '0' : headers.get('content-length');
  demand(!headers.has('transfer-encoding'), `a response with Transfer-Encoding (${status})`);
  demand(length !== undefined || status >= 400, `a response without Content-Length (${status})`);
  if (length === undefined && !closed) return null;
  const octets = length === undefined ? received.length : head.octets + Number(length);
  if (received.length < octets) return null;
  return { value: { status, headers, body: received.subarray(head.octets, octets) }, octets };
};

function parseField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** A request's head, complete with the blank line. */
export function head(method: string, path: string, ...fields: string[]): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: c1m', ...fields, '', ''].join('\r\n');
}
