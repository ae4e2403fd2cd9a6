import { buildTargets } from '../experiment/build-targets.js';
import { describeTool } from '../experiment/result-document.js';
import { rotation } from '../experiment/rotation.js';
import { cgroupWarnings } from '../measure/cgroup.js';
import { formatCpuList } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { pinSelf } from '../measure/pinning.js';
import type { Failure, Skipped } from '../results/schema.js';
import { resultId } from '../store/result-id.js';
import { wakeupSchemaVersion, type ProgramResult, type WakeupResult } from '../results/wakeup.js';
import type { ProgramSubject } from '../subject/subject.js';
import type { BuiltTarget } from '../targets/build.js';
import { reasonOf, remedyOf } from '../targets/target-error.js';
import type { WakeupCpus } from './cpus.js';
import { measureParked } from './park.js';
import type { WakeupSettings } from './settings.js';
import { runWakeupTrial } from './trial.js';

interface WakeupObserver {
  building(program: string): void;
  skipped(skipped: Skipped): void;
  /** A program could not be built, or failed. The rest is measured. */
  failed(failure: Failure): void;
  trial(program: string, index: number, of: number): void;
  parking(program: string): void;
  /** After every trial and every count of parked tasks, so that an interrupt loses nothing. */
  measured(result: WakeupResult): void;
}

interface WakeupRequest {
  readonly subjects: readonly ProgramSubject[];
  readonly cpus: WakeupCpus;
  readonly settings: WakeupSettings;
}

/**
 * Builds the programs and measures each in fresh processes, in turns, so that a machine that drifts
 * favours none of them; then what their parked tasks take.
 */
export async function wakeup(
  { subjects, cpus, settings }: WakeupRequest,
  observer: WakeupObserver,
  signal: AbortSignal,
): Promise<WakeupResult> {
  const result = openWakeupResult(settings);
  const fail = (failure: Failure): void => {
    result.failures.push(failure);
    observer.failed(failure);
  };
  const built = await buildTargets(
    subjects.map(({ target }) => target),
    {
      building: (program) => observer.building(program),
      skipped: (skipped) => {
        result.skipped.push(skipped);
        observer.skipped(skipped);
      },
      failed: fail,
    },
    signal,
  );
  result.programs.push(...built.map(describeProgram));
  const measurement = { result, built, cpus: cpus.program, settings, observer, fail, signal };
  const pinning = pinSelf(cpus.c1m);
  try {
    if (pinning.warning === null) {
      result.cpus = { c1m: formatCpuList(cpus.c1m), program: formatCpuList(cpus.program) };
    } else result.warnings.push(pinning.warning);
    await measureTrials(measurement);
    await measureAllParked(measurement);
  } finally {
    pinning.restore();
  }
  result.finishedAt = new Date().toISOString();
  return result;
}

interface Measurement {
  readonly result: WakeupResult;
  readonly built: readonly BuiltTarget[];
  readonly cpus: readonly number[];
  readonly settings: WakeupSettings;
  readonly observer: WakeupObserver;
  readonly fail: (failure: Failure) => void;
  readonly signal: AbortSignal;
}

async function measureTrials(measurement: Measurement): Promise<void> {
  const { result, built, cpus, settings, observer, fail, signal } = measurement;
  for (const { place, index, of } of rotation(built.length, settings.trials)) {
    if (signal.aborted) return;
    const program = result.programs[place]!;
    observer.trial(program.name, index, of);
    try {
      program.trials.push(await runWakeupTrial(built[place]!, index, settings, cpus, signal));
      observer.measured(result);
    } catch (error) {
      if (!isAborted(signal)) fail(failureOf(program, index, error));
    }
  }
}

async function measureAllParked(measurement: Measurement): Promise<void> {
  const { result, built, cpus, settings, observer, fail, signal } = measurement;
  for (const [place, each] of built.entries()) {
    if (signal.aborted) return;
    const program = result.programs[place]!;
    observer.parking(program.name);
    try {
      for await (const parked of measureParked(each, settings, cpus, signal)) {
        program.parked = parked;
        observer.measured(result);
      }
    } catch (error) {
      if (!isAborted(signal)) fail(failureOf(program, null, error));
    }
  }
}

function openWakeupResult(settings: WakeupSettings): WakeupResult {
  const host = readHost();
  const startedAt = new Date().toISOString();
  return {
    schemaVersion: wakeupSchemaVersion,
    kind: 'wakeup',
    id: resultId('wakeup', startedAt),
    startedAt,
    finishedAt: null,
    tool: describeTool(),
    host,
    cpus: { c1m: null, program: null },
    settings: {
      trials: settings.trials,
      batches: settings.batches,
      wakeTasks: settings.wakeTasks,
      timerAskedUs: settings.timerAskedMicros,
      timersPerBatch: settings.timersPerBatch,
      parkedTasks: [...settings.parkedTasks],
    },
    warnings: cgroupWarnings(host),
    programs: [],
    skipped: [],
    failures: [],
  };
}

function describeProgram({ target, toolchain }: BuiltTarget): ProgramResult {
  return {
    name: target.manifest.name,
    runtime: target.manifest.runtime.name,
    version: toolchain.version === '' ? null : toolchain.version,
    trials: [],
    parked: { points: [], bytesPerTask: null, skipped: [] },
  };
}

function failureOf(
  { name, runtime }: ProgramResult,
  trial: number | null,
  error: unknown,
): Failure {
  const remedy = remedyOf(error, 'targets/PROGRAM.md says what a program answers');
  return { name, runtime, trial, reason: reasonOf(error), remedy };
}

/** A call, as the compiler would hold on to what it once saw. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
