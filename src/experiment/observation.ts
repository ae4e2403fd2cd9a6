import { ofAllShards, type PhaseOutcome } from '../load/outcome.js';
import type { Load } from '../load/load.js';
import type { LoadPlan } from '../load/plan.js';
import { OwnThreads, readOwnRssPeak, resetOwnRssPeak } from '../measure/own-threads.js';
import { NoSuchProcessError } from '../measure/process-tree.js';
import type { Ceiling } from '../results/calibration.js';
import { phaseFigures, type LoadedPhase } from './phase-figures.js';

/** What every reader tells of a server's processes between the two ends of a window. */
export interface ServerUse {
  /** Between the two readings. */
  readonly seconds: number;
  /** null where it cannot be read. */
  readonly cpuSeconds: number | null;
  /** Processes that were to be measured, and ended meanwhile. */
  readonly endedRoots: readonly number[];
}

/** Reads the processes of one server at the two ends of a window. */
export interface ServerReader<Use extends ServerUse> {
  /** @throws NoSuchProcessError if one of them does not exist any more */
  start(): void;
  finish(): Use;
}

export interface ObservedServer<Use extends ServerUse> {
  readonly reader: ServerReader<Use>;
  /** How many CPUs it may use. */
  readonly cpuCount: number;
}

/** Those whose processes are known; the load goes to the first ones, the others are up beside them. */
interface ObservedServers<Use extends ServerUse> {
  readonly loaded: readonly ObservedServer<Use>[];
  readonly beside: readonly ObservedServer<Use>[];
}

/** What only one kind of window reads besides, over the same time: probes, an instrument. */
export interface Companion<Told> {
  begin(): void;
  end(): Told;
}

/** The load whose phases are observed. */
export interface ObservedLoad {
  readonly load: Load;
  readonly plan: LoadPlan;
  /** Its workers have CPUs of their own, and may poll for due times. */
  readonly spin: boolean;
  /** What the generator can do on this host; null where that is not known. */
  readonly ceiling: Ceiling | null;
}

/** One measured window: what the load did, what generator and servers took for it, and its validity. */
interface Observation<Use extends ServerUse, Told> {
  readonly outcome: PhaseOutcome;
  /** When its clock started, in microseconds of `nowMicros()`. */
  readonly startsAt: number;
  /** The figures of load and generator, and what the rules of figures/validity.ts say of them. */
  readonly phase: LoadedPhase;
  /** In the order of the servers. */
  readonly loaded: readonly Use[];
  readonly beside: readonly Use[];
  readonly told: Told;
}

export const nothingBesides: Companion<undefined> = {
  begin: () => undefined,
  end: () => undefined,
};

/**
 * Observes one phase of a load whose connections are open (`Load.prepare`). Servers are read first,
 * since that takes longest, then the generator's threads; the companion begins, and the clock starts.
 * At its end the threads are read, then the servers, and the companion ends. Requests in flight are
 * waited for after that. null where a server's process had ended before: then nothing was sent.
 */
export async function observe<Use extends ServerUse, Told>(
  { load, plan, spin, ceiling }: ObservedLoad,
  phase: number,
  { loaded, beside }: ObservedServers<Use>,
  companion: Companion<Told>,
): Promise<Observation<Use, Told> | null> {
  resetOwnRssPeak();
  if (!startAll([...loaded, ...beside])) return null;
  const own = new OwnThreads(load.threads);
  companion.begin();
  const running = load.begin(phase);
  await running.windowClosed;
  const threads = own.look();
  const read = {
    loaded: loaded.map(({ reader }) => reader.finish()),
    beside: beside.map(({ reader }) => reader.finish()),
  };
  const told = companion.end();
  const outcome = await running.finished;
  const busiest = loaded.map(({ cpuCount }, place) => shareOfCpus(read.loaded[place]!, cpuCount));
  const condition = {
    cpuUtilization: busiest.reduce(highest, null),
    endedPids: [...read.loaded, ...read.beside].flatMap(({ endedRoots }) => endedRoots),
  };
  const readings = { threads, rssPeakBytes: readOwnRssPeak(), spinning: spin };
  return {
    outcome,
    startsAt: running.startsAt,
    phase: phaseFigures(plan, outcome, readings, condition, ceiling),
    ...read,
    told,
  };
}

/** For all who can do nothing with half a load. @throws what a worker failed with */
export function whole<Of extends Observation<ServerUse, unknown>>(observation: Of): Of {
  ofAllShards(observation.outcome);
  return observation;
}

/** Of those that the server may use, 1 is all of them; null where its CPU time is not known. */
export function shareOfCpus({ cpuSeconds, seconds }: ServerUse, cpuCount: number): number | null {
  return cpuSeconds === null ? null : cpuSeconds / seconds / cpuCount;
}

/** False if one of them has ended; then none is left begun. */
function startAll<Use extends ServerUse>(servers: readonly ObservedServer<Use>[]): boolean {
  const begun: ServerReader<Use>[] = [];
  try {
    for (const { reader } of servers) {
      reader.start();
      begun.push(reader);
    }
    return true;
  } catch (error) {
    for (const reader of begun) reader.finish();
    if (error instanceof NoSuchProcessError) return false;
    throw error;
  }
}

function highest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
