import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { Libc } from '../uring/libc.js';
import { NullServer } from './null-server.js';
import { ownCertificate } from './own-certificate.js';
import { answering, type Spoken } from './warm-up-answers.js';

/** What the load workers are to be answered in. */
export interface WarmUpSpeech {
  readonly spoken: Spoken;
  /** Over TLS. */
  readonly secure: boolean;
}

const host = '127.0.0.1';

/** The entry of a thread that serves the warm-up of the load workers, until it is told to end. */
async function serve({ spoken, secure }: WarmUpSpeech): Promise<void> {
  if (spoken === 'http1' && !secure) await serveOverUring();
  else await serveOverSockets(spoken, secure);
}

async function serveOverUring(): Promise<void> {
  const server = new NullServer(await Libc.load(), host, [0]);
  parentPort!.once('message', () => server.stop());
  parentPort!.postMessage(server.port);
  await server.run();
}

async function serveOverSockets(spoken: Spoken, secure: boolean): Promise<void> {
  const sockets = new Set<net.Socket>();
  const take = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    answering[spoken](socket);
  };
  const protocols = spoken === 'http2' || spoken === 'grpc' ? ['h2'] : ['http/1.1'];
  const server = secure
    ? tls.createServer({ ...ownCertificate(), ALPNProtocols: protocols, noDelay: true }, take)
    : net.createServer({ noDelay: true }, take);
  server.listen(0, host, 1024);
  await once(server, 'listening');
  parentPort!.once('message', () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  parentPort!.postMessage((server.address() as AddressInfo).port);
}

// At the top level of a module it must not be awaited: see the load's worker.
void serve(workerData as WarmUpSpeech);
