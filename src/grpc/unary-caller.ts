import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import type { Origin } from '../load/plan.js';
import { serverNameOf } from '../load/server-name.js';
import { nodeContext, nodeOptions } from '../tls/node-options.js';
import type { TlsSettings } from '../tls/settings.js';

const unimplemented = 12;
const longestWaitMillis = 10_000;

/** A call that did not succeed. */
export class CallError extends Error {
  override readonly name = 'CallError';
  /** The server has no such method. */
  readonly isUnimplemented: boolean;

  constructor(message: string, status: number | null) {
    super(message);
    this.isUnimplemented = status === unimplemented;
  }
}

/** Asks a server of gRPC one thing after the other, before the load. */
export class UnaryCaller {
  readonly #session: http2.ClientHttp2Session;

  private constructor(session: http2.ClientHttp2Session) {
    this.#session = session;
  }

  /** @throws CallError */
  static async connect(origin: Origin, settings: TlsSettings): Promise<UnaryCaller> {
    const { protocol, hostname, port } = origin;
    const session = http2.connect(`${protocol}//${hostname}:${port}`, {
      createConnection: () => socketTo(origin, settings),
    });
    session.setTimeout(longestWaitMillis, () => session.destroy(new Error('no answer')));
    try {
      await once(session, 'connect');
    } catch (error) {
      throw new CallError((error as Error).message, null);
    }
    // Each call hears of it.
    session.on('error', () => undefined);
    return new UnaryCaller(session);
  }

  /**
   * Sends one message, and waits for the first that comes back.
   * @param method as `package.Service/Method`
   * @throws CallError
   */
  async call(method: string, message: Uint8Array): Promise<Buffer> {
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
    let fields: http2.IncomingHttpHeaders = {};
    stream.on('response', (head) => (fields = { ...fields, ...head }));
    stream.on('trailers', (trailers: http2.IncomingHttpHeaders) => {
      fields = { ...fields, ...trailers };
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream) chunks.push(chunk as Buffer);
    } catch (error) {
      throw new CallError((error as Error).message, null);
    }
    const status = Number(fields['grpc-status'] ?? NaN);
    if (status !== 0) {
      const said = String(fields['grpc-message'] ?? `HTTP status ${String(fields[':status'])}`);
      throw new CallError(said, status);
    }
    const answer = Buffer.concat(chunks);
    return answer.subarray(5, 5 + answer.readUInt32BE(1));
  }

  close(): void {
    this.#session.destroy();
  }
}

function socketTo(origin: Origin, settings: TlsSettings): net.Socket {
  const to = { host: origin.address, port: origin.connectPort ?? origin.port };
  if (origin.protocol === 'http:') return net.connect(to);
  const name = serverNameOf(origin, settings);
  return tls.connect({
    ...to,
    ...nodeOptions(name, settings),
    secureContext: nodeContext(settings),
    ALPNProtocols: ['h2'],
  });
}
