import { parentPort, workerData } from 'node:worker_threads';
import { currentThreadId } from '../measure/own-threads.js';
import { createEngine } from './create-engine.js';
import type { Order, Report, WorkerSetup } from './messages.js';
import { ShardRunner } from './shard-runner.js';
import { warmUp, type WarmUp } from './warm-up.js';

/**
 * The entry of a worker thread: carries orders to its shard runner, and reports back. It awaits
 * nothing at its top level: V8 aborts the process where a thread is ended in the evaluation of a
 * module that does.
 */

const port = parentPort!;
const setup = workerData as WorkerSetup;
const report = (message: Report): void => port.postMessage(message);

async function work(): Promise<void> {
  const engine = await createEngine(setup.plan);
  const { warmUpPort } = setup;
  const cold = warmUpPort === null ? null : whyCold(await warmUp(setup, engine, warmUpPort));

  const runner = new ShardRunner(setup, engine, {
    prepared: (phase) => report({ kind: 'prepared', phase }),
    progress: (progress) => report({ kind: 'progress', progress }),
    interval: (second, interval, whole) => report({ kind: 'interval', second, interval, whole }),
    finished: (outcome) => report({ kind: 'finished', outcome }),
  });

  port.on('message', (order: Order) => {
    switch (order.kind) {
      case 'prepare':
        runner.prepare(order.phase);
        break;
      case 'begin':
        runner.begin(order.at);
        break;
      case 'settle':
        runner.settle();
        break;
      case 'stop':
        runner.stop();
        break;
      case 'exit':
        runner.exit();
        break;
    }
  });

  report({ kind: 'ready', thread: currentThreadId(), cold });
  await runner.run();
  port.close();
}

function whyCold({ answered, errors }: WarmUp): string | null {
  return answered > 0 ? null : `nothing was answered: ${errors.join(', ')}`;
}

void work();
