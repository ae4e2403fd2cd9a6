import { toLoadPlan, type LoadSettings } from '../config/load-plan.js';
import type { Scenario } from '../config/scenario.js';
import { Load } from '../load/load.js';
import { withCleanup, type Cleanup } from '../basis/cleanup.js';
import { exists } from '../measure/readability.js';
import { readMappedMemory, readStatus, resetRssPeak } from '../measure/procfs.js';
import { nothingBesides, observe, whole, type ObservedLoad } from '../experiment/observation.js';
import type { RunningServer } from '../subject/running-server.js';
import type { Contender } from './contender.js';
import { DuetPhases, type DuetLoad } from './duet-phases.js';
import { SideAffinity } from './side-affinity.js';
import { SideCounters, type Counters } from './side-counters.js';
import { SideEvents } from './side-events.js';
import { asObserved, runSlice, type OpenSides, type Slice } from './slice.js';
import { sides, sliceOrder, type Side } from './slice-order.js';
import type { Stages } from './stages.js';
import { startSides } from './starts.js';
import { Suspension } from './suspension.js';
import { WarmUp, type WarmedUp } from './warm-up.js';

/** What all pairs of a gate have in common. */
export interface DuetSetting {
  readonly scenario: Scenario;
  readonly load: DuetLoad;
  readonly settings: LoadSettings;
  /** That both servers are bound to. */
  readonly targetCpus: readonly number[];
  /** CPUs for one of two slow starters while both start; null: they start one after the other. */
  readonly asideCpus: readonly number[] | null;
  /** CPUs for servers that compile at run time while they warm up, and how long that may take. */
  readonly warmUp: { readonly cpus: readonly number[]; readonly mostSeconds: number };
  /** c1m's workers have CPUs of their own, and may poll for due times. */
  readonly spin: boolean;
  /** An event of perf that is counted for each request; null where this host counts none. */
  readonly countedEvent: string | null;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Bytes of one side; null where its processes are not known. */
export interface SideMemory {
  readonly idle: number | null;
  readonly peak: number | null;
  /** Of one connection: the difference between the two holds. */
  readonly perConnection: number | null;
}

/** Two fresh processes that were loaded in turn. */
export interface PairMeasurement {
  readonly closed: readonly Slice[];
  readonly open: readonly Slice[];
  /** What both kinds of slices took. */
  readonly sliceSeconds: number;
  readonly memory: Readonly<Record<Side, SideMemory>>;
  /** Connections of the holds that could not be opened, or were not kept. */
  readonly unheld: Readonly<Record<Side, number>>;
  readonly startupMs: Readonly<Record<Side, number | null>>;
  /** Of the event that perf counts, per request of the closed slices; null where it is not known. */
  readonly countedPerRequest: Readonly<Record<Side, number | null>>;
  /** null where nothing was loaded that has to be warm. */
  readonly warmedUp: WarmedUp | null;
  /** How one of them ended meanwhile, if it did. */
  readonly ended: string | null;
}

/** What the idle holds showed. */
type Held = Pick<PairMeasurement, 'memory' | 'unheld'>;

const unknownMemory: SideMemory = { idle: null, peak: null, perConnection: null };
const nothingHeld: Held = {
  memory: { base: unknownMemory, head: unknownMemory },
  unheld: { base: 0, head: 0 },
};

/**
 * Measures one pair by the duet method (Bulej et al., "Duet Benchmarking: Improving Measurement
 * Accuracy in the Cloud", ICPE 2020): both servers are alive on the same CPUs, with their
 * connections open, and take turns in short slices of load, so that what disturbs the machine
 * disturbs both. The order of the starts, too, is drawn by lot.
 */
export async function measurePair(
  contenders: Readonly<Record<Side, Contender>>,
  setting: DuetSetting,
  stages: Stages,
  signal: AbortSignal,
): Promise<PairMeasurement> {
  return withCleanup(async (cleanup) => {
    const { up, startupMs } = await startSides(contenders, setting, stages.startUps, signal);
    cleanup.add(async () => {
      await Promise.all(sides.map((side) => up[side].stop()));
    });
    return { ...(await measureBoth(up, setting, stages, signal, cleanup)), startupMs };
  });
}

/** @param cleanup takes what ends all that is begun here */
async function measureBoth(
  up: Readonly<Record<Side, RunningServer>>,
  setting: DuetSetting,
  stages: Stages,
  signal: AbortSignal,
  cleanup: Cleanup,
): Promise<Omit<PairMeasurement, 'startupMs'>> {
  const phases = new DuetPhases(setting.load);
  const scenario = { ...setting.scenario, phases: phases.phases };
  const plan = toLoadPlan(scenario, [up.base.origins[0]!, up.head.origins[0]!], setting.settings);
  const { spin } = setting;
  const load = await Load.start(plan, spin, { progress: () => undefined });
  cleanup.add(() => load.close());
  const stop = (): void => load.stop();
  signal.addEventListener('abort', stop, { once: true });
  cleanup.add(() => signal.removeEventListener('abort', stop));
  const counters = countersOf(up);
  const observed = { load, plan, spin, ceiling: null };
  const affinity = new SideAffinity(up, counters);
  if (setting.asideCpus !== null) affinity.narrow();
  const suspension = new Suspension(up, counters);
  cleanup.add(() => suspension.end());
  const sidesUp = { observed, counters, suspension };
  const { memory, unheld } = stages.holds
    ? await holdMemory(observed, phases, setting.load, counters)
    : nothingHeld;
  const warmedUp =
    stages.closed || stages.open
      ? await warmUpBoth(sidesUp, phases, setting, affinity, signal)
      : null;
  const measure = async (kind: 'closed' | 'open'): Promise<Slice[]> => {
    const slices: Slice[] = [];
    for (const side of sliceOrder(setting.load.blocks, setting.random)) {
      signal.throwIfAborted();
      const slice = await runSlice(sidesUp, phases.slice(kind, side), side);
      if (slice === null) break;
      slices.push(slice);
    }
    return slices;
  };
  const events = await SideEvents.start(setting.countedEvent, counters, cleanup);
  const slicesBegan = performance.now();
  const closed = stages.closed ? await measure('closed') : [];
  const countedPerRequest = await events.perRequest(closed);
  const open = stages.open ? await measure('open') : [];
  const sliceSeconds = (performance.now() - slicesBegan) / 1000;
  const ended = sides.map((side) => howEnded(up[side])).find((how) => how !== null) ?? null;
  return {
    ...{ closed, open, sliceSeconds },
    memory: {
      base: withPeak(memory.base, counters.base),
      head: withPeak(memory.head, counters.head),
    },
    unheld,
    countedPerRequest,
    warmedUp,
    ended,
  };
}

function warmUpBoth(
  open: OpenSides,
  phases: DuetPhases,
  { warmUp }: DuetSetting,
  affinity: SideAffinity,
  signal: AbortSignal,
): Promise<WarmedUp> {
  const alone = { base: phases.slice('warmUp', 'base'), head: phases.slice('warmUp', 'head') };
  return new WarmUp(open, { ...warmUp, together: phases.burst, alone }, signal).run(affinity);
}

function countersOf(up: Readonly<Record<Side, RunningServer>>): Counters {
  const of = (server: RunningServer): SideCounters | null =>
    server.pids.length === 0 ? null : new SideCounters(server);
  return { base: of(up.base), head: of(up.head) };
}

/** null where it is up, or nobody knows. */
function howEnded(server: RunningServer): string | null {
  const gone = server.pids.some((pid) => !exists(pid));
  return server.ended()?.how ?? (gone ? 'its process is gone' : null);
}

/** The holds come first: most runtimes never give back what load has made them allocate. */
async function holdMemory(
  observed: ObservedLoad,
  phases: DuetPhases,
  { connections, heldConnections }: DuetLoad,
  counters: Counters,
): Promise<Held> {
  const unheld = { base: 0, head: 0 };
  const hold = async (size: 'few' | 'many'): Promise<Record<Side, Resident>> => {
    await observed.load.prepare(phases.hold(size));
    const both = { loaded: sides.flatMap((side) => asObserved(counters[side])), beside: [] };
    const seen = await observe(observed, phases.hold(size), both, nothingBesides);
    const outcome = seen === null ? null : whole(seen).outcome;
    const of = (side: Side): Resident => {
      const origin = sides.indexOf(side);
      if (heldConnections !== null) unheld[side] += outcome?.failedByOrigin[origin] ?? 0;
      const connections = outcome?.openByOrigin[origin] ?? 0;
      return { bytes: residentBytes(counters[side]), connections };
    };
    return { base: of('base'), head: of('head') };
  };
  for (const pid of sides.flatMap((side) => counters[side]?.pids ?? [])) resetRssPeak(pid);
  const few = await hold('few');
  const many = heldConnections === null ? null : await hold('many');
  const of = (side: Side): SideMemory => ({
    idle: few[side].bytes,
    peak: null,
    perConnection:
      many === null || heldConnections === null
        ? null
        : perConnection(few[side], many[side], (heldConnections - connections) / 2),
  });
  return { memory: { base: of('base'), head: of('head') }, unheld };
}

/** What one side's processes held at the end of a hold, and with how many connections. */
interface Resident {
  readonly bytes: number | null;
  readonly connections: number;
}

/** null where the two holds hardly differ: the server ended what it was to keep. */
function perConnection(few: Resident, many: Resident, fewestMore: number): number | null {
  const more = many.connections - few.connections;
  if (few.bytes === null || many.bytes === null || more < fewestMore) return null;
  return (many.bytes - few.bytes) / more;
}

function residentBytes(counters: SideCounters | null): number | null {
  if (counters === null) return null;
  return counters.pids.reduce((sum, pid) => sum + (readMappedMemory(pid)?.rssBytes ?? 0), 0);
}

function withPeak(memory: SideMemory, counters: SideCounters | null): SideMemory {
  if (counters === null) return memory;
  const peak = counters.pids.reduce((sum, pid) => sum + (readStatus(pid)?.rssPeakBytes ?? 0), 0);
  return { ...memory, peak };
}
