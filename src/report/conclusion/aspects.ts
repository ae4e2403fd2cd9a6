import type { TrialResult } from '../../results/schema.js';
import { schedulingSteps } from '../scheduling-table.js';
import type { Subject } from '../subject.js';
import { formatBytes, formatCount, formatMicros } from '../units.js';
import {
  bytesPerConnection,
  commonRate,
  lagsAt,
  lastPhase,
  latency,
  schedulingDelay,
  throughput,
} from './figures.js';
import type { FigureOf } from './ranking.js';

/** One thing in which targets are compared, with the words for it. */
export interface Aspect {
  readonly topic: string;
  readonly better: 'higher' | 'lower';
  readonly figure: FigureOf;
  readonly trialsOf?: (subject: Subject) => readonly TrialResult[];
  /** After the names of the best. */
  readonly best: string;
  /** Before the names of the last. */
  readonly worst: string;
  readonly format: (value: number) => string;
  /** Under which load it was measured. */
  readonly under: string;
  /** Why nothing is concluded from it, although it was measured. */
  readonly unranked?: string;
}

export function aspectsOf(subjects: readonly Subject[]): Aspect[] {
  const busy = subjects
    .flatMap(({ plain }) => plain)
    .flatMap((trial) => lastPhase(trial, 'throughput')?.load.connections.requested ?? []);
  const [lowestLoad = ''] = subjects.flatMap(({ watched }) =>
    watched.flatMap((trial) => schedulingSteps(trial).slice(0, 1)).map(({ name }) => name),
  );
  return [
    {
      topic: 'Throughput',
      better: 'higher',
      figure: throughput,
      best: 'answered the most requests per second',
      worst: 'The fewest',
      format: formatCount,
      under: `over ${formatCount(busy[0] ?? 0)} connections that were never idle`,
    },
    {
      topic: 'Memory per connection',
      better: 'lower',
      figure: bytesPerConnection,
      best: 'held a connection in the least memory',
      worst: 'The most',
      format: formatBytes,
      under: 'while connections were held idle',
    },
    ...latencyAspects(subjects),
    {
      topic: 'Scheduling delay',
      better: 'lower',
      figure: schedulingDelay,
      trialsOf: ({ watched }) => watched,
      best: 'took a readable request soonest',
      worst: 'The latest',
      format: formatMicros,
      under: `the mean at ${lowestLoad}`,
    },
  ];
}

function latencyAspects(subjects: readonly Subject[]): Aspect[] {
  const rate = commonRate(subjects);
  // At rates of their own, how long they took says little.
  if (rate === null) return [];
  const late = subjects.filter(({ plain }) => plain.some((trial) => lagsAt('p99', trial))).length;
  const common = {
    better: 'lower',
    worst: 'The highest',
    format: formatMicros,
    under: `at ${formatCount(rate)} requests/s`,
  } as const;
  return [
    {
      ...common,
      topic: 'Median latency',
      figure: (trial) => latency(trial, 'p50'),
      best: 'had the lowest median latency',
    },
    {
      ...common,
      topic: 'p99 latency',
      figure: (trial) => latency(trial, 'p99'),
      best: 'had the lowest p99',
      ...(late === 0
        ? {}
        : {
            unranked: `Not ranked: for ${late} of ${subjects.length} targets c1m itself was late in that share of the sends, so their p99 is only known to be at most what the table shows (≤).`,
          }),
    },
  ];
}
