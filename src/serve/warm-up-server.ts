import { parentPort } from 'node:worker_threads';
import { Libc } from '../uring/libc.js';
import { NullServer } from './null-server.js';

/** The entry of a thread that serves the warm-up of the load workers, until it is told to end. */

async function serve(): Promise<void> {
  const server = new NullServer(await Libc.load(), '127.0.0.1', [0]);
  parentPort!.once('message', () => server.stop());
  parentPort!.postMessage(server.port);
  await server.run();
}

// At the top level of a module it must not be awaited: see the load's worker.
void serve();
