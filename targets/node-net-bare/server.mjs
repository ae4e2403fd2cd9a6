// Answers targets/CONTRACT.md on node:net alone, in one process.
import { createServer } from 'node:net';
import { Connection } from './connection.mjs';

const host = process.env.HOST || '127.0.0.1';
const port = process.env.PORT || '8080';
const probePort = process.env.PROBE_PORT || '';

// The system lowers the backlog to what it allows.
const backlog = 65535;

const server = createServer({ noDelay: true }, (socket) => new Connection(socket));

server.on('error', (error) => {
  console.error(`node-net-bare: ${error.message}`);
  process.exit(1);
});

try {
  if (probePort !== '') {
    const { startProbe } = await import('./probe.mjs');
    await startProbe(server, host, probePort);
  }
  server.listen({ host, port, backlog });
} catch (error) {
  console.error(`node-net-bare: ${error.message}`);
  process.exit(1);
}
