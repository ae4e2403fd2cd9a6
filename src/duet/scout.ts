import { toLoadPlan } from '../config/load-plan.js';
import { nothingBesides, observe, whole } from '../experiment/observation.js';
import { Load } from '../load/load.js';
import { steadyPhase } from '../load/steady-phase.js';
import { withCleanup } from '../basis/cleanup.js';
import type { Contender } from './contender.js';
import type { DuetSetting } from './pair-measurement.js';

/** Low enough for a head that is far slower, high enough to be work. */
const shareOfCeiling = 0.4;
const phaseMicros = 700e3;
const noServers = { loaded: [], beside: [] };

/**
 * The rate of the open slices, the same in all pairs: a share of what the base answers at the most
 * after a warm-up. A process that no pair takes part in.
 */
export async function scoutRate(
  base: Contender,
  setting: Omit<DuetSetting, 'load'>,
  connections: number,
  signal: AbortSignal,
): Promise<number> {
  return withCleanup(async (cleanup) => {
    const up = await base.start(setting.targetCpus, signal);
    cleanup.add(() => up.stop());
    const phases = ['warm-up', 'ceiling'].map((name) =>
      steadyPhase(name, connections, phaseMicros, { kind: 'closed' }),
    );
    const plan = toLoadPlan({ ...setting.scenario, phases }, up.origins, setting.settings);
    const load = await Load.start(plan, setting.spin, { progress: () => undefined });
    cleanup.add(() => load.close());
    const observed = { load, plan, spin: setting.spin, ceiling: null };
    let most = 0;
    for (const number of phases.keys()) {
      signal.throwIfAborted();
      await load.prepare(number);
      const seen = await observe(observed, number, noServers, nothingBesides);
      if (seen !== null) most = whole(seen).phase.load.requestsPerSecond;
    }
    return most * shareOfCeiling;
  });
}
