import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import type { Phase } from '../load/plan.js';
import { steadyPhase, steadyRate } from '../load/steady-phase.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling } from '../scheduling/start.js';
import type { BuiltTarget } from '../targets/build.js';
import { onTarget, watchedOf, type TrialSetting } from './target-trial.js';
import type { Trial } from './trial-record.js';

/** As long as a just-in-time compiler needs to settle under full load. */
const warmUpMicros = 2e6;
const leadInMicros = 300e3;

/** Names of the phases that show what watching costs: the ceiling without it, and with it. */
const ceilings = { unwatched: 'ceiling', watched: 'ceiling, watched' } as const;

/**
 * A trial of its own for how a target is scheduled, since watching costs throughput: first the most
 * requests per second that it answers, unwatched; then, watched, that once more, and shares of its
 * own ceiling; then two of these loads while the target is asked, and not watched.
 */
export function runSchedulingTrial(
  built: BuiltTarget,
  described: TargetResult,
  index: number,
  scenario: Scenario,
  loads: SchedulingLoads,
  choice: SchedulingChoice,
  setting: TrialSetting,
): Promise<Trial> {
  const { connections } = loads;
  const asPhases = (phases: readonly Phase[]): Scenario => ({ ...scenario, phases });
  return onTarget(
    built,
    described,
    index,
    { connections, probe: true },
    setting,
    async (server, measure) => {
      const unwatched = await measure(
        asPhases([
          closed('warm-up', loads.connections, warmUpMicros, false),
          closed(ceilings.unwatched, loads.connections, loads.durationMicros, true),
        ]),
        { scheduling: null, probe: false },
      );
      const watch = await startScheduling(choice, watchedOf(server, connections), setting.signal);
      try {
        watch.warnings.forEach(setting.warn);
        const watching = { scheduling: watch.instrument, probe: false };
        const ceiling = await measure(
          asPhases([
            closed('warm-up', loads.connections, warmUpMicros / 4, false),
            closed(ceilings.watched, loads.connections, loads.durationMicros, true),
          ]),
          watching,
        );
        const most = ceiling.result.load.requestsPerSecond;
        const steps = loadSteps(loads, most);
        const measured = await measure(asPhases(steps.flatMap(ledIn)), watching);
        await watch.close();
        if (server.probeUrls.length === 0) return joined([unwatched, ceiling, measured]);
        const asked = await measure(asPhases(steps.filter(isAsked).map(asAsked).flatMap(ledIn)), {
          scheduling: null,
          probe: true,
        });
        return joined([unwatched, ceiling, measured, asked]);
      } finally {
        await watch.close();
      }
    },
  );
}

function closed(name: string, connections: number, micros: number, record: boolean): Phase {
  return { ...steadyPhase(name, connections, micros, { kind: 'closed' }), record };
}

/** Shares of what the target can do at the most. */
function loadSteps(loads: SchedulingLoads, most: number): Phase[] {
  return loads.shares.map((share) => {
    const name = `${Math.round(share * 1000) / 10} %`;
    const rate = steadyRate(Math.max(1, share * most));
    return steadyPhase(name, loads.connections, loads.durationMicros, rate);
  });
}

/** With little to do, and busy: the runtime is asked for itself, which would disturb what is watched. */
function isAsked(_step: Phase, index: number, steps: readonly Phase[]): boolean {
  return index === 0 || index === Math.ceil((steps.length - 1) / 2);
}

function asAsked(step: Phase): Phase {
  return { ...step, name: `${step.name}, probed` };
}

/** Not recorded: generator and server settle into the pace. */
function ledIn(step: Phase): Phase[] {
  const leadIn = { ...step, name: `lead-in to ${step.name}`, record: false };
  return [{ ...leadIn, durationMicros: leadInMicros }, step];
}

/** One trial of what was measured on the same process one after the other. */
function joined(parts: readonly Trial[]): Trial {
  const [first] = parts;
  const last = parts.at(-1)!;
  const began = Date.parse(first!.result.startedAt);
  const phases = parts.flatMap(({ result }) => {
    const later = (Date.parse(result.startedAt) - began) / 1000;
    return result.phases.map((phase) => ({
      ...phase,
      startedAtSeconds: phase.startedAtSeconds + later,
    }));
  });
  return {
    result: {
      ...last.result,
      startedAt: first!.result.startedAt,
      traced: true,
      complete: parts.every(({ result }) => result.complete),
      valid: parts.every(({ result }) => result.valid),
      warnings: parts.flatMap(({ result }) => result.warnings),
      phases,
    },
    intervalLog: parts.map(({ intervalLog }) => intervalLog).join(''),
  };
}
