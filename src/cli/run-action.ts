import type { RunFlags } from '../config/run-flags.js';
import { run } from '../experiment/run.js';
import { runSummary } from '../report/run-summary.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { storeRun } from '../store/writer.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { LiveProgress, type LiveFlags } from './live-progress.js';
import { measured, measuredCode } from './measured.js';
import type { Outcome } from './outcome.js';
import { terminalWidth } from './terminal-width.js';
import { tryOutputPlaces } from './output-places.js';

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
): Promise<Outcome> {
  giveWayToWorkers();
  const { output } = flags;
  if (output !== undefined) tryOutputPlaces([{ where: '-o', place: output, kind: 'folder' }]);
  const live = flags.quiet === true ? null : new LiveProgress(flags);
  const { result, intervalLog } = await run(urls, {
    ...flags,
    ...(live === null ? {} : { observer: live }),
    targetFolders: flags.targets ?? [],
    signal,
  }).finally(() => live?.close());
  const deliveries = new Deliveries();
  const files =
    output === undefined
      ? null
      : deliveries.attempt('-o', output, () => storeRun(output, result, intervalLog));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    process.stdout.write(`${runSummary(result, terminalWidth(), color)}\n`);
    if (files !== null) {
      process.stdout.write(`\nResult      ${files.result}\nHistograms  ${files.histograms}\n`);
    }
  }
  const kept = files !== null && flags.json !== true;
  const code = signal.aborted ? exitCodes.interrupted : measuredCode(result);
  return measured(result, code, { kept, lost: deliveries.complain() });
}
