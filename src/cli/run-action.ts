import type { Problem } from '../basis/problem.js';
import { readCpuFlags, type CpuFlags } from '../config/cpu-flags.js';
import { FlagReader } from '../config/flag-reader.js';
import { parsePid, readFlags, type RunFlags } from '../config/run-flags.js';
import { settleMeasurement } from '../experiment/asked-run.js';
import { run, silent } from '../experiment/run.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { runSummary } from '../report/run-summary.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { storeRun } from '../store/writer.js';
import { subjectDescriber } from '../subject/target-describer.js';
import { readSubject } from '../subject/words.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { LiveProgress, type LiveFlags } from './live-progress.js';
import { measured, measuredCode } from './measured.js';
import type { Outcome } from './outcome.js';
import { terminalWidth } from './terminal-width.js';
import { tryOutputPlaces } from './output-places.js';

export interface RunCommandFlags extends RunFlags, CpuFlags, LiveFlags {
  readonly pid?: string;
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
  const { subject, how } = await readRun(urls, flags, signal);
  const live = flags.quiet === true ? null : new LiveProgress(flags);
  const { result, intervalLog } = await run(subject, how, live ?? silent, signal).finally(() =>
    live?.close(),
  );
  const deliveries = new Deliveries();
  const files =
    output === undefined
      ? null
      : deliveries.keep(output, (folder) => storeRun(folder, result, intervalLog));
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

async function readRun(
  words: readonly string[],
  flags: RunCommandFlags,
  signal: AbortSignal,
): Promise<ReturnType<typeof settleMeasurement>> {
  const problems: Problem[] = [];
  const flag = new FlagReader(problems);
  const pid = flag.read('--pid', flags.pid, parsePid);
  const subject = await flag.wait(readSubject(words, flags.targets ?? [], pid));
  const urls = subject?.kind === 'urls' ? subject.urls : [];
  const asked = {
    subject,
    load: await readFlags(flags, urls, problems, subjectDescriber(subject, signal)),
    cpus: readCpuFlags(flags, readAllowedCpus(), problems),
    ...{ sched: flags.sched ?? null, probe: flags.probe === true },
  };
  return settleMeasurement(asked, problems);
}
