// Answers targets/CONTRACT.md over HTTP/2 alone, on node:http2 and its compatibility API, in one process.
import { createServer } from 'node:http2';
import { answer } from '../node-http/endpoints.mjs';

const host = process.env.HOST || '127.0.0.1';
const port = process.env.PORT || '8080';
const probePort = process.env.PROBE_PORT || '';

const server = createServer({ maxHeaderListPairs: 2048 }, answer);

server.on('error', fail);
// What a client does wrong ends its own connection.
server.on('sessionError', () => {});

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
  console.error(`node-http2: ${error.message}`);
  process.exit(1);
}
