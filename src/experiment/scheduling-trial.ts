import type { Scenario, SchedulingLoads } from '../config/scenario.js';
import type { Phase } from '../load/plan.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling } from '../scheduling/start.js';
import type { BuiltTarget } from '../targets/build.js';
import { onTarget, type TrialSetting } from './target-trial.js';
import type { Trial } from './trial.js';

/** As long as a just-in-time compiler needs to settle under full load. */
const warmUpMicros = 2e6;

/** Names of the phases that show what watching costs: the ceiling without it, and with it. */
const ceilings = { unwatched: 'ceiling', watched: 'ceiling, watched' } as const;

/**
 * A trial of its own for how a target is scheduled, since watching costs throughput: first the most
 * requests per second that it answers, unwatched; then, watched, that once more, a low rate that is
 * the same for all targets, and shares of its own ceiling.
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
  const connections = Math.max(loads.connections, loads.lowConnections);
  const asPhases = (phases: readonly Phase[]): Scenario => ({ ...scenario, phases });
  return onTarget(built, described, index, connections, setting, async (target) => {
    const unwatched = await target.load(
      asPhases([
        closed('warm-up', loads.connections, warmUpMicros, false),
        closed(ceilings.unwatched, loads.connections, loads.durationMicros, true),
      ]),
      null,
    );
    const { pids, ports } = target;
    const watched = { pids, ports, connections };
    const { instrument, warnings } = await startScheduling(choice, watched, setting.signal);
    warnings.forEach(setting.warn);
    try {
      const ceiling = await target.load(
        asPhases([
          closed('warm-up', loads.connections, warmUpMicros / 4, false),
          closed(ceilings.watched, loads.connections, loads.durationMicros, true),
        ]),
        instrument,
      );
      const most = ceiling.result.load.requestsPerSecond;
      const steps = await target.load(asPhases(loadPhases(loads, most)), instrument);
      return joined([unwatched, ceiling, steps]);
    } finally {
      if (instrument !== 'proc') await instrument?.close();
    }
  });
}

function closed(name: string, connections: number, micros: number, record: boolean): Phase {
  return {
    name,
    durationMicros: micros,
    requests: null,
    connections: { from: connections, to: connections },
    arrival: { kind: 'closed' },
    record,
  };
}

/** Each after a lead-in at its own pace, which is not recorded. */
function loadPhases(loads: SchedulingLoads, most: number): Phase[] {
  const { lowRatePerSecond: low, lowConnections, shares, connections } = loads;
  const steps: [name: string, rate: number, connections: number][] = [
    [`${low}/s`, low, lowConnections],
    ...shares.map((share): [string, number, number] => [
      `${Math.round(share * 1000) / 10} %`,
      Math.max(1, share * most),
      connections,
    ]),
  ];
  return steps.flatMap(([name, rate, count]) => {
    const phase = closed(name, count, loads.durationMicros, true);
    const open = {
      ...phase,
      arrival: { kind: 'open' as const, ratePerSecond: { from: rate, to: rate } },
    };
    return [{ ...open, name: `lead-in to ${name}`, durationMicros: 300e3, record: false }, open];
  });
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
