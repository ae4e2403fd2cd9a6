import { parseMemoryLimit } from '../config/memory-limit.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseCount } from '../basis/units.js';
import type { Problem } from '../basis/problem.js';
import { readCpuFlags, type CpuFlags } from '../config/cpu-flags.js';
import { parseStreams, readConditions } from '../config/run-flags.js';
import { openScenario } from '../config/scenario-catalog.js';
import { compare } from '../experiment/compare.js';
import type { CompareObserver } from '../experiment/compare-observer.js';
import {
  comparedLoad,
  settleComparison,
  type CompareRequest,
} from '../experiment/compare-request.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { compareReport } from '../report/compare-report.js';
import { storeHistograms, storeResult } from '../store/writer.js';
import type { RunResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { targetDescriber } from '../subject/target-describer.js';
import { namedTargets, readTargets } from '../subject/words.js';
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
  readonly http2?: boolean;
  readonly streams?: string;
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
  const request = await readRequest(names, flags, signal);
  const progress = compareProgress(flags);
  const deliveries = new Deliveries();
  let file = null as string | null;
  const store = (write: (folder: string) => string): void => {
    file = deliveries.keep(output, write) ?? file;
  };
  const observer: CompareObserver = {
    ...progress.observer,
    failed: (result, failure) => {
      store((folder) => storeResult(folder, result));
      progress.observer.failed(result, failure);
    },
    measured: (result, target, trial) => {
      const name = `${result.id}-${target}-${trial.result.index + 1}.hlog`;
      store((folder) => {
        storeHistograms(folder, trial.result, name, trial.intervalLog);
        return storeResult(folder, result);
      });
    },
  };
  const result = await compare(request, observer, signal).finally(() => progress.close());
  if (result.targets.some(({ trials }) => trials.length > 0) || result.failures.length > 0) {
    store((folder) => storeResult(folder, result));
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

/** Throws a ConfigError with everything that is wrong with the flags, or then with the names. */
async function readRequest(
  names: readonly string[],
  flags: CompareFlags,
  signal: AbortSignal,
): Promise<CompareRequest> {
  const problems: Problem[] = [];
  const flag = new FlagReader(problems);
  const named = flags.scenario ?? (flags.quick === true ? 'compare-quick' : 'compare');
  const folders = flags.targets ?? [];
  const chosen = (ofScenario: readonly string[]): readonly string[] =>
    names.length > 0 ? names : ofScenario;
  const describer = targetDescriber((these) => namedTargets(chosen(these), folders), signal);
  const written = await flag.wait(openScenario(named, describer));
  const asked = {
    sched: flags.sched ?? null,
    failIf: readConditions(flags.failIf, flag),
    trials: flag.read('--trials', flags.trials, parseCount),
    cpus: readCpuFlags(flags, readAllowedCpus(), problems),
    memoryLimit: flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit),
  };
  const streams = flag.read('--streams', flags.streams, parseStreams);
  flag.end();
  const scenario = comparedLoad(written!, { http2: flags.http2 ?? null, streams });
  const subjects = await readTargets(chosen(scenario.targets), folders, scenario);
  return settleComparison({ ...asked, scenario, subjects });
}
