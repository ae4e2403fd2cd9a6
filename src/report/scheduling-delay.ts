import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { Custom } from './order.js';

/**
 * The recorded phases at each load, the low one first. That one was given in turns, of which one
 * stands for all: that with the median of their median delays.
 */
export function schedulingSteps(trial: TrialResult): PhaseResult[] {
  const turns = turnsOf(trial).sort((a, b) => delayOf(a) - delayOf(b));
  const middle = turns[Math.floor((turns.length - 1) / 2)];
  const low = middle === undefined ? [] : [{ ...middle, name: middle.name.replace(turnName, '') }];
  return [...low, ...watchedPhases(trial).filter(({ name }) => !turnName.test(name))];
}

/** The median at the lowest load, where no request waits for another; null if it was not seen whole. */
export function unloadedDelay(trial: TrialResult): number | null {
  const [lowest] = schedulingSteps(trial);
  return lowest === undefined ? null : trustedDelay(lowest);
}

/**
 * How targets are compared by it: turn by turn, so that a host that becomes faster or slower does not
 * take part. Two processes of one target differ by half a microsecond (docs/measuring.md).
 */
export const schedulingDelay: Custom = {
  better: 'lower',
  resolution: 1,
  trialsOf: ({ watched }) => watched,
  value: unloadedDelay,
  turnsOf: ({ watched }) =>
    new Map(
      watched.flatMap(turnsOf).flatMap((turn): [string, number][] => {
        const delay = trustedDelay(turn);
        return delay === null ? [] : [[turn.name, delay]];
      }),
    ),
};

const turnName = /, turn \d+$/;

function turnsOf(trial: TrialResult): PhaseResult[] {
  return watchedPhases(trial).filter(({ name }) => turnName.test(name));
}

function watchedPhases({ traced, phases }: TrialResult): PhaseResult[] {
  if (!traced) return [];
  return phases.filter(({ kind, server }) => kind === 'latency' && server?.scheduling);
}

function trustedDelay({ valid, server }: PhaseResult): number | null {
  if (!valid || server?.scheduling?.valid !== true) return null;
  return server.schedulingDelayUs?.total.p50 ?? null;
}

function delayOf({ server }: PhaseResult): number {
  return server?.schedulingDelayUs?.total.p50 ?? server?.scheduling?.runQueueDelayMs ?? 0;
}
