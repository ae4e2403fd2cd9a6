import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

import { ContractBreach, demand, type RawResponse } from './raw-connection.js';

interface Http2Options {
  /** Octets that the server may send in each stream before it has to wait for more room. */
  readonly windowBytes?: number;
  /** Each octet on its own, as far as the kernel lets them apart. */
  readonly bytewise?: boolean;
}

/** A connection of HTTP/2 by prior knowledge. Frames are Node's, which closes on what is none. */
export class Http2Connection {
  readonly #session: ClientHttp2Session;
  #failure: string | null = null;

  private constructor(session: ClientHttp2Session) {
    this.#session = session;
    session.on('error', (error: Error) => {
      this.#failure = error.message;
    });
  }

  static async open(url: URL, options: Http2Options = {}): Promise<Http2Connection> {
    const { windowBytes, bytewise = false } = options;
    const tcp = connectTcp({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(tcp, 'connect');
    const session = connect(url, {
      createConnection: () => (bytewise ? new Bytewise(tcp) : tcp),
      settings: windowBytes === undefined ? {} : { initialWindowSize: windowBytes },
    });
    const connection = new Http2Connection(session);
    // The server's SETTINGS; one that does not speak HTTP/2 closes, or says something else.
    const greeted = await Promise.race([
      once(session, 'remoteSettings').then(() => true),
      once(session, 'close').then(() => false),
    ]).catch(() => false);
    demand(greeted, `no HTTP/2 was spoken: ${connection.#failure ?? 'it closed'}`);
    return connection;
  }

  get(path: string, timeoutMs?: number): Promise<RawResponse> {
    return this.#exchange('GET', path, {}, null, timeoutMs);
  }

  post(path: string, fields: Readonly<Record<string, string>>, body: Buffer): Promise<RawResponse> {
    return this.#exchange('POST', path, fields, body);
  }

  /** A request whose answer is left to whoever asks. */
  begin(path: string): ClientHttp2Stream {
    const stream = this.#session.request({ ':path': path });
    stream.on('error', () => undefined);
    return stream;
  }

  get closed(): boolean {
    return this.#session.closed || this.#session.destroyed;
  }

  close(): void {
    this.#session.destroy();
  }

  async #exchange(
    method: string,
    path: string,
    fields: Readonly<Record<string, string>>,
    body: Buffer | null,
    timeoutMs = 10_000,
  ): Promise<RawResponse> {
    const to = `${method} ${path} over HTTP/2`;
    const stream = this.#session.request({ ':method': method, ':path': path, ...fields });
    stream.setTimeout(timeoutMs, () => stream.close());
    const chunks: Buffer[] = [];
    let status = 0;
    const headers = new Map<string, string>();
    stream.on('response', (received) => {
      for (const [name, value] of Object.entries(received)) headers.set(name, String(value));
      status = Number(received[':status']);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.end(body ?? undefined);
    await new Promise<void>((resolve, reject) => {
      stream.on('close', resolve);
      stream.on('error', (error: Error) => {
        reject(new ContractBreach(`${to} failed: ${error.message}`));
      });
    });
    demand(status !== 0, `${to} was not answered (${this.#failure ?? 'its stream was closed'})`);
    return { status, headers, body: Buffer.concat(chunks) };
  }
}

/** A connection whose octets go one by one, and are read one by one. */
class Bytewise extends Duplex {
  readonly #tcp: Socket;

  constructor(tcp: Socket) {
    super();
    this.#tcp = tcp;
    tcp.on('data', (chunk: Buffer) => {
      for (const octet of chunk) this.push(Uint8Array.of(octet));
    });
    tcp.on('close', () => this.push(null));
    tcp.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    // What comes is pushed as it comes.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    void this.#sendEach(chunk).then(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#tcp.destroy();
    done(error);
  }

  async #sendEach(chunk: Buffer): Promise<void> {
    for (const octet of chunk) {
      this.#tcp.write(Uint8Array.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
