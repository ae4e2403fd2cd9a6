import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { withCleanup } from '../basis/cleanup.js';
import { Wakefulness } from '../scheduling/wakefulness.js';
import type { RunningServer } from '../subject/running-server.js';
import { startTarget } from '../subject/start-target.js';
import type { TrialSetting } from './target-trial.js';
import { TurnTaking, type Turner } from './turn-taking.js';

/** Each begins with another target. The first, in which they settle, is not kept; of the rest, one is in the middle. */
const turns = 18;

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
  await withCleanup(async (cleanup) => {
    const up: RunningServer[] = [];
    cleanup.add(async () => {
      await Promise.all(up.map((running) => running.stop()));
    });
    for (const { built } of turners)
      up.push(await startTarget(built, { cpus: split.target, signal }));
    const pinned = up.every(({ cpus }) => cpus !== null);
    const awake = await Wakefulness.begin(pinned ? split.target : []);
    cleanup.add(() => awake.end());
    awake.warnings.forEach(setting.warn);
    const taking = await TurnTaking.start(turners, up, scenario, loads, choice, setting, cleanup);
    await takeTurns(taking, turners.length, signal);
  });
}

async function takeTurns(taking: TurnTaking, targets: number, signal: AbortSignal): Promise<void> {
  for (let place = 0; place < targets; place++) {
    if (signal.aborted) return;
    await taking.warmUp(place);
  }
  const of = turns * targets;
  for (let index = 0; index < of; index++) {
    if (signal.aborted) return;
    const turn = Math.floor(index / targets);
    const place = (turn + index) % targets;
    await taking.take(place, turn, index, of);
  }
}
