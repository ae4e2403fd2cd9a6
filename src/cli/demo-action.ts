import chalk from 'chalk';
import { run } from '../experiment/run.js';
import { demoReport } from '../report/demo-report.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { ProgressLine } from './progress-line.js';

/** Whoever runs c1m has Node, so this server runs everywhere. */
const target = 'node-http';

export async function demoAction(signal: AbortSignal): Promise<void> {
  giveWayToWorkers();
  const line = new ProgressLine(process.stderr);
  const { result } = await run(target, { scenario: 'demo', observer: line, signal }).finally(() =>
    line.clear(),
  );
  process.stdout.write(`${demoReport(result, chalk)}\n`);
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
}
