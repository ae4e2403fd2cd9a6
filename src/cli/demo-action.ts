import { nothingAsked } from '../config/asked-load.js';
import { noCpusAsked } from '../config/cpu-flags.js';
import { settleRun } from '../config/run-request.js';
import { openScenario } from '../config/scenario-catalog.js';
import { run } from '../experiment/run.js';
import { demoReport } from '../report/demo-report.js';
import { readTargets } from '../subject/words.js';
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
  const scenario = await openScenario('demo');
  const [subject] = await readTargets([target], [], scenario);
  const load = settleRun({ ...nothingAsked, scenario }, [], []);
  const how = { ...load, cpus: noCpusAsked, sched: 'off', probe: false } as const;
  const { result } = await run(subject!, how, live, signal).finally(() => live.close());
  process.stdout.write(`${demoReport(result, color)}\n`);
  return shown(signal.aborted ? exitCodes.interrupted : exitCodes.success);
}
