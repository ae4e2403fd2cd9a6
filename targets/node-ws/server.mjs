// Answers targets/CONTRACT.md with ws for WebSockets and node:http for the rest, in one process.
import { createServer } from 'node:http';
import { answer, pathOf } from '../node-http/endpoints.mjs';
import { options, refuse } from '../node-http/patience.mjs';
import { start } from '../node-http/start.mjs';
import { sockets } from './sockets.mjs';

const server = createServer(options, (request, response) => {
  if (sockets.has(pathOf(request.url)) && request.method === 'GET') {
    response.writeHead(426, { Upgrade: 'websocket', 'Content-Length': 0 }).end();
  } else answer(request, response);
});

server.on('upgrade', (request, socket, head) => {
  const open = sockets.get(pathOf(request.url));
  if (open !== undefined) open(request, socket, head);
  else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});
server.on('clientError', refuse);

await start(server, 'node-ws');
