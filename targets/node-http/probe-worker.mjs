import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Longer than this a question does not wait for the main loop. */
const patienceMs = 500;
/** A histogram that changes meanwhile is read again, this often at the most. */
const readings = 5;

const { host, port, resolutionMs } = workerData;

const boundsUs = [1e2, 1e3, 1e4, 1e5, 1e6].flatMap((scale) => [scale, 2 * scale, 5 * scale]);

/** The main loop's histogram of its own delays, shared; null before the first question. */
let delays = null;
let counts = new Array(boundsUs.length + 1).fill(0);
/** Those whom the next answer of the main loop is for. */
let waiting = [];

parentPort.on('message', (message) => {
  if (message.delays !== undefined) delays = message.delays;
  else for (const resolve of waiting.splice(0)) resolve(message.figures);
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
    const body = JSON.stringify(await figures());
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
server.listen({ host, port }, () => parentPort.postMessage('listening'));

async function figures() {
  const loops = (await askMainLoop()) ?? { gauges: {}, counters: {} };
  if (delays !== null) counts = readCounts();
  return {
    runtime: 'node',
    version: process.versions.node,
    ...loops,
    histograms: { eventLoopDelayUs: { bounds: boundsUs, counts } },
  };
}

function askMainLoop() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs, null);
    waiting.push((figures) => {
      clearTimeout(timer);
      resolve(figures);
    });
    parentPort.postMessage('ask');
  });
}

/** What was last read, if the loop's timer ticks into every reading. */
function readCounts() {
  for (let reading = 0; reading < readings; reading++) {
    const { count } = delays;
    const read = countsWithin(count);
    if (delays.count === count) return read;
  }
  return counts;
}

/**
 * node:perf_hooks tells the value at a percentile, not the count below a value; but the
 * percentile of k in n is the kth value, so that a binary search counts exactly.
 */
function countsWithin(total) {
  let below = 0;
  const perBound = boundsUs.map((bound) => {
    // The histogram holds the time from tick to tick.
    const limitNs = bound * 1e3 + resolutionMs * 1e6;
    let low = below;
    let high = total;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (delays.percentile((100 * middle) / total) <= limitNs) low = middle;
      else high = middle - 1;
    }
    const count = low - below;
    below = low;
    return count;
  });
  return [...perBound, total - below];
}
