import chalk from 'chalk';
import type { RunFlags } from '../config/run-flags.js';
import { run } from '../experiment/run.js';
import { runSummary } from '../report/run-summary.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { storeRun } from '../results/store.js';
import { exitCodes } from './exit-codes.js';
import { measuredCode } from './measured-code.js';
import { giveWayToWorkers } from './helper-threads.js';
import { ProgressLine } from './progress-line.js';

export interface RunCommandFlags extends RunFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly output?: string;
  readonly targets?: string[];
  readonly sched?: SchedulingChoice;
  readonly probe?: boolean;
}

export async function runAction(
  urls: readonly string[],
  flags: RunCommandFlags,
  signal: AbortSignal,
): Promise<void> {
  giveWayToWorkers();
  const line = new ProgressLine(process.stderr);
  const observer = flags.quiet === true ? {} : { observer: line };
  const { result, intervalLog } = await run(urls, {
    ...flags,
    ...observer,
    targetFolders: flags.targets ?? [],
    signal,
  }).finally(() => {
    if (flags.quiet !== true) line.clear();
  });
  // A disk that is full must not cost what was measured: it is printed first, then complained about.
  let files: ReturnType<typeof storeRun> | null = null;
  let unstored: Error | null = null;
  try {
    if (flags.output !== undefined) files = storeRun(flags.output, result, intervalLog);
  } catch (error) {
    unstored = error as Error;
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    process.stdout.write(`${runSummary(result, chalk)}\n`);
    if (files !== null) {
      process.stdout.write(`\nResult      ${files.result}\nHistograms  ${files.histograms}\n`);
    }
  }
  if (unstored !== null) throw unstored;
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
  else process.exitCode = measuredCode(result);
}
