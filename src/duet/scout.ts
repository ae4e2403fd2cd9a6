import { ConfigError } from '../basis/problem.js';
import { toLoadPlan } from '../config/load-plan.js';
import { nothingBesides, observe, whole, type ObservedLoad } from '../experiment/observation.js';
import { Load } from '../load/load.js';
import { steadyPhase } from '../load/steady-phase.js';
import { withCleanup } from '../basis/cleanup.js';
import { nowMicros } from '../basis/clock.js';
import type { MetricName } from '../gate/metric.js';
import type { Contender } from './contender.js';
import { hold } from './duet-phases.js';
import type { DuetSetting } from './pair-measurement.js';
import { SideAffinity } from './side-affinity.js';
import { SideCounters } from './side-counters.js';
import { runSlice, type Slice } from './slice.js';
import { WarmUp } from './warm-up.js';

/** What is to be found out before the first pair, and holds for all of them. */
interface Unknown {
  /** The rate of the open slices. */
  readonly rate: boolean;
  /** Of each side, at the most; null: nothing is to be held. */
  readonly mostHeld: number | null;
  /** Which of the metrics base's streams of events have. */
  readonly ofStreams: boolean;
}

export interface Scouted {
  /** null where it was not asked for. */
  readonly ratePerSecond: number | null;
  /** null where nothing was to be held, or the server keeps no connection. */
  readonly heldConnections: number | null;
  /** Of the one start; null where it was not started by c1m. */
  readonly startupMs: number | null;
  /** What base's streams of events do not have; empty where that was not asked for. */
  readonly lacking: readonly MetricName[];
}

/** Low enough for a head that is far slower, high enough to be work. */
const shareOfCeiling = 0.4;
const phaseMicros = 700e3;
const warmUpMicros = 250e3;
/** Of both sides together. Node ends a connection that idles for five seconds, gunicorn after two. */
const mostOpeningSeconds = 1.8;
/** So many are opened to see how long it takes. */
const mostTried = 1_000;
/** A server that has so few of them left keeps none. */
const fewestKept = 0.9;
/** A stream that is cut this long after its slice is bearable, in microseconds. */
const longestWait = 1e6;
const noServers = { loaded: [], beside: [] };

/** The places of the phases below. */
const places = { few: 0, hold: 1, warmUp: 2, ceiling: 3 } as const;

/** Loads the base alone, in a process that no pair takes part in. */
export async function scout(
  base: Contender,
  setting: Omit<DuetSetting, 'load' | 'asideCpus'>,
  connections: number,
  unknown: Unknown,
  signal: AbortSignal,
): Promise<Scouted> {
  return withCleanup(async (cleanup) => {
    const up = await base.start(setting.targetCpus, signal);
    cleanup.add(() => up.stop());
    const { startupMs } = up;
    const loading = (name: string, micros: number) =>
      steadyPhase(name, connections, micros, { kind: 'closed' });
    const tried = Math.min(mostTried, unknown.mostHeld ?? 0);
    const phases = [
      hold('few', connections),
      hold('hold', connections + tried),
      loading('warm-up', warmUpMicros),
      loading('ceiling', phaseMicros),
    ];
    const plan = toLoadPlan({ ...setting.scenario, phases }, up.origins, setting.settings);
    const load = await Load.start(plan, setting.spin, { progress: () => undefined });
    cleanup.add(() => load.close());
    const observed = { load, plan, spin: setting.spin, ceiling: null };
    const heldConnections =
      unknown.mostHeld === null
        ? null
        : await holdable(observed, { connections, tried, most: unknown.mostHeld }, signal);
    if (!unknown.rate && !unknown.ofStreams) {
      return { heldConnections, startupMs, ratePerSecond: null, lacking: [] };
    }
    const counters = { base: up.pids.length === 0 ? null : new SideCounters(up), head: null };
    const affinity = new SideAffinity({ base: up, head: { owned: false, cpus: null } }, counters);
    const open = { observed, counters, suspension: null };
    const phase = places.warmUp;
    const warmUp = { ...setting.warmUp, together: phase, alone: { base: phase } };
    if (unknown.ofStreams) await refuseEndless(observed, setting.scenario, signal);
    await new WarmUp(open, warmUp, signal).run(affinity);
    const slice = await runSlice(open, places.ceiling, 'base');
    const most = slice?.requestsPerSecond ?? 0;
    return {
      ...{ heldConnections, startupMs },
      ratePerSecond: unknown.rate ? most * shareOfCeiling : null,
      lacking: slice === null ? [] : lackingOf(slice),
    };
  });
}

/** Streams without an end would make each slice last as long as they are waited for. */
async function refuseEndless(
  observed: ObservedLoad,
  { timeoutMicros }: Pick<DuetSetting['scenario'], 'timeoutMicros'>,
  signal: AbortSignal,
): Promise<void> {
  await observed.load.prepare(places.warmUp);
  const seen = await observe(observed, places.warmUp, noServers, nothingBesides);
  signal.throwIfAborted();
  if (seen === null || whole(seen).outcome.inFlight === 0 || timeoutMicros <= longestWait) return;
  const { inFlight } = seen.outcome;
  const waited = `${timeoutMicros / 1e6} s`;
  const message = `${inFlight} of base’s streams went on for ${waited} after a slice of load, and a gate waits so long after each`;
  const remedy =
    'Ask for streams that end, or have them ended sooner: timeout: 200ms in a scenario';
  throw new ConfigError([{ where: '--stream', message, remedy }]);
}

/** Of streams that do not end there are no requests that were answered. */
function lackingOf({ requestsPerSecond, p50, p99, events }: Slice): MetricName[] {
  if (events === null) return [];
  const found: [MetricName, number | null][] = [
    ['requestsPerSecond', requestsPerSecond],
    ['cpuUsPerRequest', requestsPerSecond],
    ['instructionsPerRequest', requestsPerSecond],
    ['p50', p50],
    ['p99', p99],
    ['eventsPerSecond', events.perSecond],
    ['firstEvent.p50', events.firstP50],
    ['firstEvent.p99', events.firstP99],
    ['betweenEvents.p50', events.betweenP50],
    ['betweenEvents.p99', events.betweenP99],
  ];
  return found.flatMap(([name, value]) => (value !== null && value > 0 ? [] : [name]));
}

/**
 * How many connections each side is to hold: so many that both have opened them before the first ones
 * idle for longer than servers let them. null where it keeps none.
 */
async function holdable(
  observed: ObservedLoad,
  { connections, tried, most }: Record<'connections' | 'tried' | 'most', number>,
  signal: AbortSignal,
): Promise<number | null> {
  signal.throwIfAborted();
  // The first few show what a server's first requests take, and not what each of many does.
  await observed.load.prepare(places.few);
  await observed.load.begin(places.few).finished;
  const began = nowMicros();
  await observed.load.prepare(places.hold);
  const seconds = (nowMicros() - began) / 1e6;
  const { outcome } = whole((await observe(observed, places.hold, noServers, nothingBesides))!);
  if (outcome.established < fewestKept * tried) return null;
  const inTime = Math.floor((tried / seconds) * (mostOpeningSeconds / 2));
  return Math.max(2 * connections, Math.min(most, inTime));
}
