import { parseMemoryLimit } from '../config/memory-limit.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseCount } from '../basis/units.js';
import { compare, type CompareObserver } from '../experiment/compare.js';
import type { CpuFlags } from '../experiment/cpu-sides.js';
import { compareReport } from '../report/compare-report.js';
import { storeHistograms, storeResult } from '../store/writer.js';
import type { RunResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { color } from './color.js';
import { compareProgress } from './compare-progress.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import type { LiveFlags } from './live-progress.js';
import { measured, measuredCode } from './measured.js';
import type { Outcome } from './outcome.js';
import { tryOutputPlaces } from './output-places.js';
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
): Promise<Outcome> {
  giveWayToWorkers();
  const { output } = flags;
  tryOutputPlaces([{ where: '-o', place: output, kind: 'folder' }]);
  const progress = compareProgress(flags);
  const deliveries = new Deliveries();
  let file = null as string | null;
  const store = (write: () => string): void => {
    file = deliveries.attempt('-o', output, write) ?? file;
  };
  const observer: CompareObserver = {
    ...progress.observer,
    failed: (result, failure) => {
      store(() => storeResult(output, result));
      progress.observer.failed(result, failure);
    },
    measured: (result, target, trial) => {
      const name = `${result.id}-${target}-${trial.result.index + 1}.hlog`;
      store(() => {
        storeHistograms(output, trial.result, name, trial.intervalLog);
        return storeResult(output, result);
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
  if (result.targets.some(({ trials }) => trials.length > 0) || result.failures.length > 0) {
    store(() => storeResult(output, result));
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else
    process.stdout.write(
      `${compareReport([result], terminalWidth(), color)}\n\nResult      ${file ?? 'none'}\n`,
    );
  const code = signal.aborted ? exitCodes.interrupted : comparedCode(result);
  const kept = file !== null && flags.json !== true;
  return measured(result, code, { kept, lost: deliveries.complain() });
}

function comparedCode(result: RunResult): number {
  const isEmpty = !result.targets.some(({ trials }) => trials.length > 0);
  if (isEmpty || result.failures.length > 0) return exitCodes.failure;
  return result.thresholds.length > 0 ? measuredCode(result) : exitCodes.success;
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
