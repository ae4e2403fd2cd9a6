import { toLoadPlan } from '../config/load-plan.js';
import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import { Load } from '../load/load.js';
import { unitOf } from '../load/plan.js';
import { ofAllShards } from '../load/outcome.js';
import { steadyPhase, steadyRate } from '../load/steady-phase.js';
import type { Cleanup } from '../basis/cleanup.js';
import { nowMicros } from '../basis/clock.js';
import { ServerSampler } from '../measure/server-sampler.js';
import type { PhaseResult } from '../results/figures.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling } from '../scheduling/start.js';
import type { RunningServer } from '../subject/running-server.js';
import type { BuiltTarget } from '../targets/build.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { maySpin } from './cpu-sides.js';
import { observe, whole, type ObservedLoad } from './observation.js';
import { SchedulingWatch } from './scheduling-watch.js';
import { serverFigures } from './server-figures.js';
import { watchedOf, type TrialSetting } from './target-trial.js';

const turnMicros = 250e3;
/** At full load, for just-in-time compilers: what they did in the turns would be in the delays. */
const warmUpMicros = 1e6;

/** A target that takes part, and where its turns are put. */
export interface Turner {
  readonly built: BuiltTarget;
  readonly described: TargetResult;
  readonly phases: PhaseResult[];
}

/** A turner whose server is up. */
interface Seat {
  readonly turner: Turner;
  readonly server: RunningServer;
  readonly sampler: ServerSampler;
}

type Watched = Awaited<ReturnType<typeof startScheduling>>;

/** Targets that are all up, connected to and watched, each of which can be given a turn of load. */
export class TurnTaking {
  readonly #zero = nowMicros();
  readonly #watch: SchedulingWatch;

  private constructor(
    private readonly seats: readonly Seat[],
    private readonly rate: number,
    watched: Watched,
    private readonly observed: ObservedLoad,
    private readonly setting: TrialSetting,
  ) {
    this.#watch = new SchedulingWatch(watched.instrument);
  }

  /**
   * @param up the turners' servers, in their order
   * @param cleanup takes what ends all that is begun here
   */
  static async start(
    turners: readonly Turner[],
    up: readonly RunningServer[],
    scenario: Scenario,
    loads: SchedulingLoads,
    choice: SchedulingChoice,
    setting: TrialSetting,
    cleanup: Cleanup,
  ): Promise<TurnTaking> {
    const { connection, split, observer, signal, warn } = setting;
    const connections = turners.length * loads.lowConnections;
    const origins = up.map((server) => server.origins[0]!);
    const turn = steadyPhase('turn', connections, turnMicros, steadyRate(loads.lowRatePerSecond));
    const warmUp = steadyPhase('warm-up', connections, warmUpMicros, { kind: 'closed' });
    const phases = [turn, warmUp].flatMap((phase) => up.map((_, origin) => ({ ...phase, origin })));
    const plan = toLoadPlan({ ...scenario, phases }, origins, {
      ...connection,
      loadCpus: split.load.length,
      userAgent: `c1m/${version}`,
    });
    const pinned = up.every(({ cpus }) => cpus !== null);
    const spin = maySpin(split, plan.threads, pinned);
    const pids = up.flatMap((server) => server.pids);
    const watched = await startScheduling(
      choice,
      watchedOf({ pids, origins }, connections),
      signal,
    );
    cleanup.add(() => watched.close());
    watched.warnings.forEach(warn);
    const seats = turners.map((turner, place): Seat => {
      const server = up[place]!;
      return { turner, server, sampler: new ServerSampler(server.pids) };
    });
    cleanup.add(() => seats.forEach(({ sampler }) => sampler.end()));
    const load = await Load.start(plan, spin, observer);
    cleanup.add(() => load.close());
    const stop = (): void => load.stop();
    signal.addEventListener('abort', stop, { once: true });
    cleanup.add(() => signal.removeEventListener('abort', stop));
    const observed = { load, plan, spin, ceiling: null };
    return new TurnTaking(seats, loads.lowRatePerSecond, watched, observed, setting);
  }

  async warmUp(place: number): Promise<void> {
    const { length } = this.seats;
    const name = `${this.seats[place]!.turner.described.name} warm-up`;
    this.#announce(name, warmUpMicros, place, length, false);
    const { load } = this.observed;
    await load.prepare(length + place);
    ofAllShards(await load.begin(length + place).finished);
  }

  /**
   * @param turn from 0, which is not kept
   * @param index among the `of` turns of all targets
   */
  async take(place: number, turn: number, index: number, of: number): Promise<void> {
    const { turner, server, sampler } = this.seats[place]!;
    const name = `${this.rate}/s, turn ${turn}`;
    this.#announce(`${turner.described.name} ${name}`, turnMicros, index, of, true);
    await this.observed.load.prepare(place);
    const watch = this.#watch;
    const seen = await observe(
      this.observed,
      place,
      { loaded: [{ reader: sampler, cpuCount: server.cpuCount }], beside: [] },
      { begin: () => watch.begin(), end: () => watch.end() },
    );
    if (seen === null) throw endedBetweenTurns(turner.described.name);
    const { outcome, phase, loaded, startsAt, told } = whole(seen);
    const reading = watch.ofWindow(await told, loaded[0]!);
    if (turn === 0) return;
    turner.phases.push({
      ...phase,
      name,
      startedAtSeconds: (startsAt - this.#zero) / 1e6,
      server: serverFigures(server, loaded[0]!, outcome, reading, null),
      traced: watch.isCostly,
      warnings: [...phase.warnings, ...watch.warnings(outcome)],
    });
  }

  #announce(name: string, micros: number, index: number, of: number, running: boolean): void {
    const seconds = micros / 1e6;
    const secondsAfter = (of - index - 1) * seconds;
    this.setting.observer.phase(
      { name, index, of, seconds, requests: null, unit: unitOf(this.observed.plan), secondsAfter },
      running,
    );
  }
}

function endedBetweenTurns(name: string): TargetError {
  const message = `${name} ended between two turns`;
  return new TargetError('exited-early', message, 'Look at what it prints: c1m targets start NAME');
}
