// Answers GET /probe on a port of its own. The HTTP of it is a worker thread's, so that the
// question does not queue behind the load; what only the main loop can tell, the worker asks it
// for, and does without where the loop does not get to it in time.
import { getHeapStatistics } from 'node:v8';
import { once } from 'node:events';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

/** The timer that watches the loop ticks this often, from the first question on. */
const resolutionMs = 10;

/**
 * Resolves when the probe listens, and rejects if it cannot.
 * @param server whose connections are counted
 */
export async function startProbe(server, host, port) {
  const worker = new Worker(new URL('./probe-worker.mjs', import.meta.url), {
    workerData: { host, port, resolutionMs },
  });
  await once(worker, 'message');
  let watch = null;
  worker.on('message', () => {
    // Nothing is watched before somebody asks: an idle loop stays idle.
    watch ??= startWatching(worker);
    server.getConnections((error, connections) => {
      if (error === null) worker.postMessage({ figures: figures(connections, watch) });
    });
  });
  // A probe that has died is seen by those who ask; the server goes on.
  worker.on('error', () => {});
  worker.unref();
}

function startWatching(worker) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  // The worker reads the same histogram, even while this loop is blocked.
  worker.postMessage({ delays });
  const watch = { delays, gcPauses: 0, gcPauseSeconds: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watch.gcPauses += 1;
      watch.gcPauseSeconds += duration / 1000;
    }
  }).observe({ entryTypes: ['gc'] });
  return watch;
}

function figures(connections, { gcPauses, gcPauseSeconds }) {
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
  };
}
