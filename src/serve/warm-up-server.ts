import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import type { Spoken } from '../load/warm-up-partner.js';
import { Libc } from '../uring/libc.js';
import type { Answerer } from './answerers/answerer.js';
import { Http1Answerer } from './answerers/http1.js';
import { Http2Answerer } from './answerers/http2.js';
import { WebSocketAnswerer } from './answerers/websocket.js';
import { NullServer } from './null-server.js';
import { selfSigned } from './self-signed.js';

/** The entry of a thread that serves the warm-up of the load workers, until it is told to end. */
async function serve(spoken: Spoken): Promise<void> {
  if (spoken.protocol === 'http1' && !spoken.secure) await serveOverRing();
  else await serveOverSockets(spoken);
}

async function serveOverRing(): Promise<void> {
  const server = new NullServer(await Libc.load(), '127.0.0.1', [0]);
  parentPort!.once('message', () => server.stop());
  parentPort!.postMessage(server.port);
  await server.run();
}

async function serveOverSockets({ protocol, secure }: Spoken): Promise<void> {
  const sockets = new Set<net.Socket>();
  const answer = (socket: net.Socket): void => {
    const answerer = createAnswerer(protocol);
    sockets.add(socket);
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (octets: Buffer) => {
      const answers = answerer.answer(octets);
      if (answers.length > 0) socket.write(answers);
    });
    if (answerer.greeting !== null) socket.write(answerer.greeting);
  };
  const ALPNProtocols = [protocol === 'http2' || protocol === 'grpc' ? 'h2' : 'http/1.1'];
  const server = secure
    ? tls.createServer({ ...selfSigned('c1m'), ALPNProtocols }, answer)
    : net.createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  parentPort!.postMessage((server.address() as net.AddressInfo).port);
  await once(parentPort!, 'message');
  server.close();
  for (const socket of sockets) socket.destroy();
  parentPort!.close();
}

function createAnswerer(protocol: Spoken['protocol']): Answerer {
  switch (protocol) {
    case 'http1':
      return new Http1Answerer();
    case 'websocket':
      return new WebSocketAnswerer();
    case 'http2':
    case 'grpc':
      return new Http2Answerer(protocol);
  }
}

// At the top level of a module it must not be awaited: see the load's worker.
void serve(workerData as Spoken);
