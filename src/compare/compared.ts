import { lastPhase } from '../figures/trial-phases.js';
import type { FigureName } from '../figures/table.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import type { TrialResult } from '../results/schema.js';

/** The figures that targets are ranked by, and that c1m calibrate finds a noise floor for. */
export const comparedNames = [
  'requestsPerSecond',
  'p50',
  'p99',
  'rssIdle',
  'rssPeak',
  'bytesPerConnection',
  'cpuUsPerRequest',
  'startup',
] as const satisfies readonly FigureName[];
export type ComparedName = (typeof comparedNames)[number];

/** Those of streams of events and of fan-outs, which they are ranked by as well: no floor is known of them. */
const rankedBesides = [
  'eventsPerSecond',
  'firstEvent.p50',
  'firstEvent.p99',
  'betweenEvents.p50',
  'betweenEvents.p99',
  'reach',
] as const satisfies readonly FigureName[];
export type RankedName = ComparedName | (typeof rankedBesides)[number];

/** Whether a noise floor can be found for it. */
export function hasFloor(name: RankedName): name is ComparedName {
  return !(rankedBesides as readonly string[]).includes(name);
}

/** By which name a noise floor has the share of a figure. */
export const floorFields = {
  requestsPerSecond: 'requestsPerSecond',
  p50: 'p50Us',
  p99: 'p99Us',
  rssIdle: 'rssIdleBytes',
  rssPeak: 'rssPeakBytes',
  bytesPerConnection: 'bytesPerConnection',
  cpuUsPerRequest: 'cpuUsPerRequest',
  startup: 'startupMs',
} as const satisfies Readonly<Record<ComparedName, keyof NoiseFloor['shares']>>;

/** Latencies are comparable at one rate only, in requests/s; null where there is none. */
export function commonRate(trials: readonly TrialResult[]): number | null {
  const rates = new Set(
    trials.flatMap((trial) => lastPhase(trial, 'latency')?.load.offeredPerSecond ?? []),
  );
  return rates.size === 1 ? [...rates][0]! : null;
}
