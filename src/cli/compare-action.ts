import { parseMemoryLimit } from '../config/memory-limit.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseCount } from '../config/units.js';
import { compare, type CompareObserver } from '../experiment/compare.js';
import type { CpuFlags } from '../experiment/cpu-sides.js';
import { compareReport } from '../report/compare-report.js';
import { storeHistograms, storeResult } from '../results/store.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { color } from './color.js';
import { compareProgress } from './compare-progress.js';
import { exitCodes } from './exit-codes.js';
import { measuredCode } from './measured-code.js';
import { giveWayToWorkers } from './helper-threads.js';
import type { LiveFlags } from './live-progress.js';
import { terminalWidth } from './terminal-width.js';

export interface CompareFlags extends CpuFlags, LiveFlags {
  readonly quick?: boolean;
  readonly scenario?: string;
  readonly trials?: string;
  readonly memoryLimit?: string;
  readonly targets?: string[];
  readonly sched?: SchedulingChoice;
  readonly failIf?: string[];
  readonly json?: boolean;
  readonly output: string;
}

export async function compareAction(
  names: string[],
  flags: CompareFlags,
  signal: AbortSignal,
): Promise<void> {
  giveWayToWorkers();
  const progress = compareProgress(flags);
  let file = '';
  const unstored: Error[] = [];
  /** A disk that is full must not cost the rest: all is printed at the end, and complained about. */
  const store = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      unstored.push(error as Error);
    }
  };
  const observer: CompareObserver = {
    ...progress.observer,
    failed: (result, failure) => {
      progress.observer.failed(result, failure);
      store(() => (file = storeResult(flags.output, result)));
    },
    measured: (result, target, trial) => {
      const name = `${result.id}-${target}-${trial.result.index + 1}.hlog`;
      store(() => {
        storeHistograms(flags.output, trial.result, name, trial.intervalLog);
        file = storeResult(flags.output, result);
      });
    },
  };
  const scenario = flags.scenario ?? (flags.quick === true ? 'compare-quick' : 'compare');
  const { trials, memoryLimit } = readNumbers(flags);
  const result = await compare({
    targets: names,
    targetFolders: flags.targets ?? [],
    scenario,
    ...(trials === null ? {} : { trials }),
    ...(memoryLimit === null ? {} : { memoryLimit }),
    failIf: flags.failIf ?? [],
    sched: flags.sched,
    loadCpus: flags.loadCpus,
    targetCpus: flags.targetCpus,
    observer,
    signal,
  }).finally(() => progress.close());
  if (file !== '') store(() => (file = storeResult(flags.output, result)));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else
    process.stdout.write(
      `${compareReport([result], terminalWidth(), color)}\n\nResult      ${file || 'none'}\n`,
    );
  if (unstored[0] !== undefined) throw unstored[0];
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
  else if (result.failures.length > 0 || !result.targets.some(({ trials }) => trials.length > 0)) {
    process.exitCode = exitCodes.failure;
  } else if (result.thresholds.length > 0) process.exitCode = measuredCode(result);
}

function readNumbers(flags: CompareFlags) {
  const flag = new FlagReader();
  const numbers = {
    trials: flag.read('--trials', flags.trials, parseCount),
    memoryLimit: flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit),
  };
  flag.end();
  return numbers;
}
