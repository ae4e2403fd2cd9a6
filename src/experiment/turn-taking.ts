import { toLoadPlan } from '../config/load-plan.js';
import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import { Load } from '../load/load.js';
import { ofAllShards } from '../load/outcome.js';
import type { LoadPlan } from '../load/plan.js';
import { steadyPhase, steadyRate } from '../load/steady-phase.js';
import type { Cleanup } from '../basis/cleanup.js';
import { nowMicros } from '../basis/clock.js';
import { readOwnRssPeak, readThreadTimes, resetOwnRssPeak } from '../measure/own-threads.js';
import { ServerSampler } from '../measure/server-sampler.js';
import type { PhaseResult } from '../results/figures.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling } from '../scheduling/start.js';
import type { BuiltTarget } from '../targets/build.js';
import type { RunningTarget } from '../targets/launch.js';
import { targetOrigin } from '../targets/origin.js';
import { version } from '../version.js';
import { maySpin } from './cpu-sides.js';
import { phaseFigures } from './phase-figures.js';
import { SchedulingWatch } from './scheduling-watch.js';
import { serverFigures, type MeasuredServer } from './server-figures.js';
import type { TrialSetting } from './target-trial.js';

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
  readonly server: MeasuredServer;
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
    private readonly plan: LoadPlan,
    private readonly spin: boolean,
    watched: Watched,
    private readonly load: Load,
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
    up: readonly RunningTarget[],
    scenario: Scenario,
    loads: SchedulingLoads,
    choice: SchedulingChoice,
    setting: TrialSetting,
    cleanup: Cleanup,
  ): Promise<TurnTaking> {
    const { connection, split, observer, signal, warn } = setting;
    const connections = turners.length * loads.lowConnections;
    const origins = up.map(({ urls }, place) =>
      targetOrigin(urls[0]!, turners[place]!.built.target.manifest),
    );
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
    const pids = up.flatMap((running) => running.pids);
    const ports = origins.map(({ port }) => port);
    const watched = await startScheduling(choice, { pids, ports, connections }, signal);
    cleanup.add(() => watched.close());
    watched.warnings.forEach(warn);
    const seats = turners.map((turner, place) => seat(turner, up[place]!, watched));
    cleanup.add(() => seats.forEach(({ sampler }) => sampler.end()));
    const load = await Load.start(plan, spin, observer);
    cleanup.add(() => load.close());
    const stop = (): void => load.stop();
    signal.addEventListener('abort', stop, { once: true });
    cleanup.add(() => signal.removeEventListener('abort', stop));
    return new TurnTaking(seats, loads.lowRatePerSecond, plan, spin, watched, load, setting);
  }

  async warmUp(place: number): Promise<void> {
    const { length } = this.seats;
    const name = `${this.seats[place]!.turner.described.name} warm-up`;
    this.#announce(name, warmUpMicros, place, length, false);
    await this.load.prepare(length + place);
    ofAllShards(await this.load.begin(length + place).finished);
  }

  /**
   * @param turn from 0, which is not kept
   * @param index among the `of` turns of all targets
   */
  async take(place: number, turn: number, index: number, of: number): Promise<void> {
    const { turner, server, sampler } = this.seats[place]!;
    const name = `${this.rate}/s, turn ${turn}`;
    this.#announce(`${turner.described.name} ${name}`, turnMicros, index, of, true);
    const { load } = this;
    await load.prepare(place);
    resetOwnRssPeak();
    const before = load.threads.map(readThreadTimes);
    sampler.start();
    this.#watch.begin();
    const running = load.begin(place);
    await running.windowClosed;
    const window = sampler.finish();
    const ended = this.#watch.end();
    const threads = { before, after: load.threads.map(readThreadTimes) };
    const outcome = ofAllShards(await running.finished);
    const reading = await ended;
    if (turn === 0) return;
    const figures = phaseFigures(
      this.plan,
      outcome,
      { ...threads, rssPeakBytes: readOwnRssPeak(), spinning: this.spin },
      (running.startsAt - this.#zero) / 1e6,
      serverFigures(server, window, outcome, reading, null),
      null,
    );
    const warnings = [...figures.warnings, ...this.#watch.warnings(outcome)];
    turner.phases.push({ ...figures, name, traced: this.#watch.isCostly, warnings });
  }

  #announce(name: string, micros: number, index: number, of: number, running: boolean): void {
    const seconds = micros / 1e6;
    const secondsAfter = (of - index - 1) * seconds;
    this.setting.observer.phase(
      { name, index, of, seconds, requests: null, secondsAfter },
      running,
    );
  }
}

function seat(turner: Turner, { pids, startupMs }: RunningTarget, watched: Watched): Seat {
  const { artifactBytes } = turner.built;
  const cpuCount = turner.described.cpuCount ?? 1;
  const scheduling = watched.instrument;
  return {
    turner,
    server: { pids, owned: true, startupMs, artifactBytes, cpuCount, scheduling },
    sampler: new ServerSampler(pids),
  };
}
