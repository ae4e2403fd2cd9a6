import type { PhaseResult, RequestFigures } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { Bound, Figure, Source, View } from './figure.js';
import { isLowerBound } from './warning-classes.js';
import { latencyPhase, loadedPhase } from './trial-phases.js';

/**
 * `valid`: the phases that it is from are. `lower-bound`: in one of them the generator was the limit, a
 * result all the same, but none to rank by. `invalid`: it is not what was asked for.
 */
export type Trust = 'valid' | 'lower-bound' | 'invalid';

/** What a trial, or one of its phases, says of a figure. */
export interface Reading {
  readonly value: number;
  readonly bound: Bound;
  /** Above 0 where it is `at-least` since so many requests were not answered. */
  readonly unanswered: number;
  readonly trust: Trust;
  /** Whether the scenario set it. */
  readonly isSet: boolean;
}

/** null where the trial lacks it. */
export function readTrial(figure: Figure, trial: TrialResult): Reading | null {
  return read(figure, { figures: trial, phases: trial.phases }, isSoundBetweenPhases(trial));
}

/** null where the phase lacks it, or where it is of no single phase. */
export function readPhase(figure: Figure, phase: PhaseResult): Reading | null {
  if (isOfTrial(figure)) return null;
  return read(figure, { figures: phase, phases: [phase] }, true);
}

/** One of a scenario's requests in a phase. */
export interface RequestPart {
  readonly phase: PhaseResult;
  readonly request: RequestFigures;
}

/** null where the request lacks it, or where requests have none of their own. */
export function readRequest(figure: Figure, { phase, request }: RequestPart): Reading | null {
  if (!figure.perRequest) return null;
  const { requestsSent, responses, requestsPerSecond, latencyUs } = request;
  const { statusCodes, errors, errorResponses, events } = request;
  const load = {
    ...phase.load,
    ...{ requestsSent, responses, requestsPerSecond },
    ...{ statusCodes, errors, errorResponses, connectErrors: {} },
  };
  return readPhase(figure, { ...phase, load, latencyUs, events });
}

/** Those that reports and conditions count: what is invalid takes part only where there is nothing else. */
export function counted<T extends { readonly trust: Trust }>(readings: readonly T[]): readonly T[] {
  const sound = readings.filter(({ trust }) => trust !== 'invalid');
  return sound.length > 0 ? sound : readings;
}

/** null where the trial lacks it, or it cannot be trusted, or says nothing of the server. */
export function trustedValue(figure: Figure, trial: TrialResult): number | null {
  return trusted(readTrial(figure, trial));
}

export function trusted(reading: Reading | null): number | null {
  return reading?.trust !== 'valid' || reading.isSet ? null : reading.value;
}

/** The same, null also where only a bound of it is known. */
export function exactValue(figure: Figure, trial: TrialResult): number | null {
  return readTrial(figure, trial)?.bound === 'exact' ? trustedValue(figure, trial) : null;
}

/** Whether it is none of a single phase. */
export function isOfTrial({ source }: Figure): boolean {
  return source === 'holds' || source === 'start';
}

/** The phases that a figure is from. */
export function phasesBehind({ source }: Figure, { phases }: Pick<View, 'phases'>): PhaseResult[] {
  return sources[source](phases).filter((phase) => phase !== undefined);
}

function read(figure: Figure, view: View, sound: boolean): Reading | null {
  const value = figure.value(view) ?? null;
  if (value === null) return null;
  return {
    value,
    bound: figure.bound(view),
    unanswered: figure.unanswered(view),
    trust: sound ? trustOf(phasesBehind(figure, view)) : 'invalid',
    isSet: figure.isSet(view),
  };
}

function trustOf(phases: readonly PhaseResult[]): Trust {
  const broken = phases.filter(({ valid }) => !valid);
  if (broken.length === 0) return 'valid';
  return broken.every(({ warnings }) => isLowerBound(warnings)) ? 'lower-bound' : 'invalid';
}

/** A trial that is not valid although its phases are has lost its server between them, or been cut. */
function isSoundBetweenPhases({ valid, phases }: TrialResult): boolean {
  return valid || phases.some((phase) => !phase.valid);
}

const sources: Readonly<
  Record<Source, (phases: readonly PhaseResult[]) => readonly (PhaseResult | undefined)[]>
> = {
  loaded: (phases) => [loadedPhase({ phases })],
  timed: (phases) => [latencyPhase({ phases })],
  holds: (phases) => phases.filter(({ kind }) => kind === 'idle'),
  every: (phases) => phases,
  start: () => [],
};
