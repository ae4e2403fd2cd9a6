// Answers targets/CONTRACT.md on node:http as it is deployed without a framework, in one process.
import { createServer } from 'node:http';
import { answer } from './endpoints.mjs';
import { refuse } from './refusal.mjs';

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
  answer,
);

server.on('clientError', refuse);
server.on('error', fail);

try {
  if (probePort !== '') {
    const { startProbe } = await import('./probe.mjs');
    await startProbe(server, host, probePort);
  }
  // The system lowers the backlog to what it allows.
  server.listen({ host, port, backlog: 65535 });
} catch (error) {
  fail(error);
}

function fail(error) {
  console.error(`node-http: ${error.message}`);
  process.exit(1);
}
