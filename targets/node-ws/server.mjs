// Answers targets/CONTRACT.md with ws for WebSockets and node:http for the rest, in one process.
import { createServer } from 'node:http';
import { answer, pathOf } from '../node-http/endpoints.mjs';
import { refuse } from '../node-http/refusal.mjs';
import { sockets } from './sockets.mjs';

const host = process.env.HOST || '127.0.0.1';
const port = process.env.PORT || '8080';
const probePort = process.env.PROBE_PORT || '';

const server = createServer(
  {
    // Node's defaults end an idle connection after 5 s, and a slow request after 5 min.
    keepAliveTimeout: 0,
    headersTimeout: 0,
    requestTimeout: 0,
    maxHeaderSize: 16 * 1024,
  },
  (request, response) => {
    if (sockets.has(pathOf(request.url)) && request.method === 'GET') {
      response.writeHead(426, { Upgrade: 'websocket', 'Content-Length': 0 }).end();
    } else answer(request, response);
  },
);

server.on('upgrade', (request, socket, head) => {
  const open = sockets.get(pathOf(request.url));
  if (open !== undefined) open(request, socket, head);
  else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});
server.on('clientError', refuse);
server.on('error', fail);

try {
  if (probePort !== '') {
    const { startProbe } = await import('../node-http/probe.mjs');
    await startProbe(server, host, probePort);
  }
  // The system lowers the backlog to what it allows.
  server.listen({ host, port, backlog: 65535 });
} catch (error) {
  fail(error);
}

function fail(error) {
  console.error(`node-ws: ${error.message}`);
  process.exit(1);
}
