// Answers GET /probe on a port of its own. The HTTP of it is a worker thread's, so that the
// question does not queue behind the load; for the figures the worker asks the main loop, which
// they are of, and does without them where the loop does not get to it in time.
import { once } from 'node:events';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** The timer that watches the loop ticks this often, from the first question on. */
const resolutionMs = 10;

const boundsUs = [1e2, 1e3, 1e4, 1e5, 1e6].flatMap((scale) => [scale, 2 * scale, 5 * scale]);

/**
 * Resolves when the probe listens, and rejects if it cannot.
 * @param server whose connections are counted
 */
export async function startProbe(server, host, port) {
  const worker = new Worker(new URL('./probe-worker.mjs', import.meta.url), {
    workerData: { host, port },
  });
  await once(worker, 'message');
  let watch = null;
  worker.on('message', () => {
    // Nothing is watched before somebody asks: an idle loop stays idle.
    watch ??= startWatching();
    server.getConnections((error, connections) => {
      if (error === null) worker.postMessage(figures(connections, watch));
    });
  });
  // A probe that has died is seen by those who ask; the server goes on.
  worker.on('error', () => {});
  worker.unref();
}

function startWatching() {
  const watch = {
    delays: monitorEventLoopDelay({ resolution: resolutionMs }),
    gcPauses: 0,
    gcPauseSeconds: 0,
  };
  watch.delays.enable();
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watch.gcPauses += 1;
      watch.gcPauseSeconds += duration / 1000;
    }
  }).observe({ entryTypes: ['gc'] });
  return watch;
}

function figures(connections, { delays, gcPauses, gcPauseSeconds }) {
  const { active, idle } = performance.eventLoopUtilization();
  return {
    tasks: { kind: 'connections', count: connections },
    gauges: { heapUsedBytes: getHeapStatistics().used_heap_size },
    counters: {
      loopActiveSeconds: active / 1000,
      loopIdleSeconds: idle / 1000,
      gcPauses,
      gcPauseSeconds,
    },
    histograms: { eventLoopDelayUs: { bounds: boundsUs, counts: countsOf(delays) } },
  };
}

/**
 * node:perf_hooks tells the value at a percentile, not the count below a value; but the
 * percentile of k in n is the kth value, so that a binary search counts exactly. On the loop
 * itself, nothing is added meanwhile; it takes some 50 looks of 5 µs.
 */
function countsOf(delays) {
  const total = delays.count;
  let below = 0;
  const counts = boundsUs.map((bound) => {
    // The histogram holds the time from tick to tick.
    const limitNs = bound * 1e3 + resolutionMs * 1e6;
    let low = below;
    let high = total;
    if (delays.max <= limitNs) low = total;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (delays.percentile((100 * middle) / total) <= limitNs) low = middle;
      else high = middle - 1;
    }
    const count = low - below;
    below = low;
    return count;
  });
  return [...counts, total - below];
}
