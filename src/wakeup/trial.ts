import type { Cost, WakeupTrial } from '../results/wakeup.js';
import { summarize } from '../stats/sample.js';
import type { BuiltTarget } from '../targets/build.js';
import { measureBatches, type Batches } from '../program/batches.js';
import { Program, type Exchange } from '../program/program.js';
import { distributionOf } from './samples.js';
import type { WakeupSettings } from './settings.js';

/**
 * Measures a program once, in a fresh process.
 * @throws TargetError if it ends, hangs, answers wrongly, or the signal aborts
 */
export async function runWakeupTrial(
  built: BuiltTarget,
  index: number,
  settings: WakeupSettings,
  cpus: readonly number[],
  signal: AbortSignal,
): Promise<WakeupTrial> {
  const startedAt = new Date().toISOString();
  const program = await Program.start(built, cpus);
  try {
    return { index, startedAt, ...(await measure(program, settings, signal)) };
  } finally {
    await program.end();
  }
}

async function measure(
  program: Program,
  settings: WakeupSettings,
  signal: AbortSignal,
): Promise<Omit<WakeupTrial, 'index' | 'startedAt'>> {
  const { batches, batchMillis, wakeTasks, timerAskedMicros, timersPerBatch } = settings;
  const plan = { batches, batchMillis };
  const pingPong = await measureBatches(
    (operations) => program.ask({ name: 'ping-pong', operations }, signal),
    plan,
  );
  const spawnJoin = await measureBatches(
    (operations) => program.ask({ name: 'spawn-join', operations }, signal),
    plan,
  );
  const wakeAll = await measureBatches(
    async (operations) => {
      await program.ask({ name: 'park', operations }, signal);
      return program.ask({ name: 'wake', operations }, signal);
    },
    { ...plan, operations: wakeTasks },
  );
  const timer = await measureBatches(
    (operations) =>
      program.ask({ name: 'timer', operations, askedMicros: timerAskedMicros }, signal),
    { ...plan, operations: timersPerBatch },
  );
  return {
    pingPong: costOf(pingPong),
    spawnJoin: costOf(spawnJoin),
    wakeAll: { ...costOf(wakeAll), delayNs: distributionOf(samplesOf(wakeAll)) },
    timer: { ...costOf(timer), latenessNs: distributionOf(samplesOf(timer)) },
  };
}

function costOf({ warmUpBatches, steady, measured }: Batches): Cost {
  const times = measured.map(({ elapsedNs, operations }) => elapsedNs / operations);
  const switches = measured.map(({ contextSwitches, operations }) =>
    contextSwitches === null
      ? null
      : (contextSwitches.voluntary + contextSwitches.involuntary) / operations,
  );
  return {
    nsPerOperation: summarize(times)!.median,
    contextSwitchesPerOperation: summarize(switches)?.median ?? null,
    warmUpBatches,
    steady,
    batches: measured.map(
      ({ operations, elapsedNs, wallNs, contextSwitches, runQueueDelayNs }) => ({
        operations,
        elapsedNs,
        wallNs,
        contextSwitches,
        runQueueDelayNs,
      }),
    ),
  };
}

function samplesOf({ measured }: Batches): number[] {
  return measured.flatMap(({ samplesNs }: Exchange) => samplesNs ?? []);
}
