import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Longer than this a question does not wait for the main loop. */
const patienceMs = 500;

/** Those whom the next answer of the main loop is for. */
const waiting = [];

parentPort.on('message', (figures) => {
  for (const resolve of waiting.splice(0)) resolve(figures);
});

const server = createServer(
  // No timer of its own, every 30 s by default, wakes up an idle server.
  { connectionsCheckingInterval: 2 ** 31 - 1 },
  async (request, response) => {
    response.shouldKeepAlive = false;
    if (request.url !== '/probe') {
      response.writeHead(404, { 'Content-Length': 0 }).end();
      return;
    }
    const { node } = process.versions;
    const body = JSON.stringify({ runtime: 'node', version: node, ...(await askMainLoop()) });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  },
);
// It ends the worker, and so the process, while it starts.
server.on('error', (error) => {
  throw error;
});
server.listen({ ...workerData }, () => parentPort.postMessage('listening'));

/** Its figures, or none where it does not get to it. */
function askMainLoop() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs, {});
    waiting.push((figures) => {
      clearTimeout(timer);
      resolve(figures);
    });
    parentPort.postMessage('ask');
  });
}
