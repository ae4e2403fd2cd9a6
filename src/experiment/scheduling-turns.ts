import { toLoadPlan } from '../config/load-plan.js';
import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import { Load } from '../load/load.js';
import { steadyPhase, steadyRate } from '../load/steady-phase.js';
import { nowMicros } from '../measure/clock.js';
import { readOwnRssPeak, readThreadTimes, resetOwnRssPeak } from '../measure/own-threads.js';
import { ServerSampler } from '../measure/server-sampler.js';
import type { PhaseResult } from '../results/figures.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling } from '../scheduling/start.js';
import { Wakefulness } from '../scheduling/wakefulness.js';
import type { BuiltTarget } from '../targets/build.js';
import { launch, type RunningTarget } from '../targets/launch.js';
import { version } from '../version.js';
import { maySpin } from './cpu-sides.js';
import { phaseFigures } from './phase-figures.js';
import { SchedulingWatch } from './scheduling-watch.js';
import { serverFigures, type MeasuredServer } from './server-figures.js';
import type { TrialSetting } from './target-trial.js';

/** Each begins with another target. The first, in which they settle, is not kept. */
const turns = 17;
const turnMicros = 250e3;
/** At full load, for just-in-time compilers: what they did in the turns would be in the delays. */
const warmUpMicros = 1e6;

/** A target that takes part, and where its turns are put. */
interface Turner {
  readonly built: BuiltTarget;
  readonly described: TargetResult;
  readonly phases: PhaseResult[];
}

/**
 * The low load, for all targets by turns: all are up at once, on the same CPUs, and a quarter of a
 * second of load goes to one after the other, so that what changes on the host changes for all of
 * them; and those CPUs are kept awake.
 */
export async function runSchedulingTurns(
  turners: readonly Turner[],
  scenario: Scenario,
  loads: SchedulingLoads,
  choice: SchedulingChoice,
  setting: TrialSetting,
): Promise<void> {
  const { split, signal } = setting;
  const up: RunningTarget[] = [];
  try {
    for (const { built } of turners) up.push(await launch(built, { cpus: split.target, signal }));
    const pinned = up.every(({ cpus }) => cpus !== null);
    const awake = await Wakefulness.begin(pinned ? split.target : []);
    awake.warnings.forEach(setting.warn);
    try {
      await turnAll(turners, up, pinned, scenario, loads, choice, setting);
    } finally {
      await awake.end();
    }
  } finally {
    await Promise.all(up.map((running) => running.stop()));
  }
}

async function turnAll(
  turners: readonly Turner[],
  up: readonly RunningTarget[],
  pinned: boolean,
  scenario: Scenario,
  loads: SchedulingLoads,
  choice: SchedulingChoice,
  { connection, split, observer, signal, warn }: TrialSetting,
): Promise<void> {
  const connections = turners.length * loads.lowConnections;
  const origins = up.map(({ urls }) => {
    const { hostname, port } = new URL(urls[0]!);
    return { protocol: 'http:' as const, hostname, address: hostname, port: Number(port) };
  });
  const turn = steadyPhase('turn', connections, turnMicros, steadyRate(loads.lowRatePerSecond));
  const warmUp = steadyPhase('warm-up', connections, warmUpMicros, { kind: 'closed' });
  const phases = [turn, warmUp].flatMap((phase) => up.map((_, origin) => ({ ...phase, origin })));
  const plan = toLoadPlan({ ...scenario, phases }, origins, {
    ...connection,
    loadCpus: split.load.length,
    userAgent: `c1m/${version}`,
  });
  const spin = maySpin(split, plan.threads, pinned);
  const watched = {
    pids: up.flatMap(({ pids }) => pids),
    ports: origins.map(({ port }) => port),
    connections,
  };
  const started = await startScheduling(choice, watched, signal);
  started.warnings.forEach(warn);
  const { instrument } = started;
  const watch = new SchedulingWatch(instrument);
  const servers = turners.map(({ built, described }, place): MeasuredServer => {
    const { pids, startupMs } = up[place]!;
    const { artifactBytes } = built;
    const cpuCount = described.cpuCount ?? 1;
    return { pids, owned: true, startupMs, artifactBytes, cpuCount, scheduling: instrument };
  });
  const samplers = servers.map(({ pids }) => new ServerSampler(pids));
  let load: Load | undefined;
  const stop = (): void => load?.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const zero = nowMicros();
    load = await Load.start(plan, spin, observer);
    for (const place of up.keys()) {
      if (signal.aborted) return;
      const name = `${turners[place]!.described.name} warm-up`;
      const seconds = warmUpMicros / 1e6;
      const secondsAfter = (up.length - place - 1) * seconds;
      observer.phase(
        { name, index: place, of: up.length, seconds, requests: null, secondsAfter },
        false,
      );
      await load.prepare(up.length + place);
      await load.begin(up.length + place).finished;
    }
    for (let turn = 0; turn < turns; turn++) {
      for (let step = 0; step < turners.length; step++) {
        if (signal.aborted) return;
        const place = (turn + step) % turners.length;
        const name = `${loads.lowRatePerSecond}/s, turn ${turn}`;
        const [index, of] = [turn * turners.length + step, turns * turners.length];
        const seconds = turnMicros / 1e6;
        observer.phase(
          {
            name: `${turners[place]!.described.name} ${name}`,
            ...{ index, of, seconds, requests: null },
            secondsAfter: (of - index - 1) * seconds,
          },
          true,
        );
        await load.prepare(place);
        resetOwnRssPeak();
        const before = load.threads.map(readThreadTimes);
        const sampler = samplers[place]!;
        sampler.start();
        watch.begin();
        const running = load.begin(place);
        await running.windowClosed;
        const window = sampler.finish();
        const ended = watch.end();
        const after = load.threads.map(readThreadTimes);
        const outcome = await running.finished;
        const reading = await ended;
        if (turn === 0) continue;
        const readings = { before, after, rssPeakBytes: readOwnRssPeak(), spinning: spin };
        const figures = phaseFigures(
          plan,
          outcome,
          readings,
          (running.startsAt - zero) / 1e6,
          serverFigures(servers[place]!, window, outcome, reading, null),
          null,
        );
        turners[place]!.phases.push({
          ...figures,
          name,
          traced: watch.isCostly,
          warnings: [...figures.warnings, ...watch.warnings(outcome)],
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await load?.close();
    await started.close();
  }
}
