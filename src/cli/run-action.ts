import type { RunFlags } from '../config/run-flags.js';
import { run } from '../experiment/run.js';
import { runSummary } from '../report/run-summary.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { storeRun } from '../results/store.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { measuredCode } from './measured-code.js';
import { giveWayToWorkers } from './helper-threads.js';
import { LiveProgress, type LiveFlags } from './live-progress.js';

export interface RunCommandFlags extends RunFlags, LiveFlags {
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
  const live = flags.quiet === true ? null : new LiveProgress(flags);
  const { result, intervalLog } = await run(urls, {
    ...flags,
    ...(live === null ? {} : { observer: live }),
    targetFolders: flags.targets ?? [],
    signal,
  }).finally(() => live?.close());
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
    process.stdout.write(`${runSummary(result, color)}\n`);
    if (files !== null) {
      process.stdout.write(`\nResult      ${files.result}\nHistograms  ${files.histograms}\n`);
    }
  }
  if (unstored !== null) throw unstored;
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
  else process.exitCode = measuredCode(result);
}
