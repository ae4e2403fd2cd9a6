import { run } from '../experiment/run.js';
import { demoReport } from '../report/demo-report.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { LiveProgress } from './live-progress.js';
import { shown, type Outcome } from './outcome.js';

/** Whoever runs c1m has Node, so this server runs everywhere. */
const target = 'node-http';

export async function demoAction(signal: AbortSignal): Promise<Outcome> {
  giveWayToWorkers();
  const live = new LiveProgress({});
  const { result } = await run(target, { scenario: 'demo', observer: live, signal }).finally(() =>
    live.close(),
  );
  process.stdout.write(`${demoReport(result, color)}\n`);
  return shown(signal.aborted ? exitCodes.interrupted : exitCodes.success);
}
