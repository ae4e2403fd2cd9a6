import { commonRate, type ComparedName } from '../../compare/compared.js';
import { lastPhase } from '../../figures/trial-phases.js';
import type { Custom } from '../order.js';
import { schedulingDelay, schedulingSteps } from '../scheduling-delay.js';
import { inUnit, rateWord } from '../../figures/unit-words.js';
import { unitOfSubjects, type Subject } from '../subject.js';
import { formatBytes, formatCount, formatMicros } from '../../basis/format.js';

/** One thing in which targets are compared, with the words for it. */
export interface Aspect {
  readonly topic: string;
  readonly figure: ComparedName | Custom;
  /** After the names of the best. */
  readonly best: string;
  /** Before the names of the last. */
  readonly worst: string;
  /** "b uses 1.3 × the memory of a"; `more` and `less` by their figures. */
  readonly times: (more: string, ratio: string, less: string) => string;
  readonly format: (value: number) => string;
  /** Under which load it was measured. */
  readonly under: string;
}

export function aspectsOf(subjects: readonly Subject[]): Aspect[] {
  const plain = subjects.flatMap((subject) => subject.plain);
  const unit = unitOfSubjects(subjects);
  const [one, many] = [inUnit('request', unit), inUnit('requests', unit)];
  const [busy = 0] = plain.flatMap(
    (trial) => lastPhase(trial, 'throughput')?.load.connections.requested ?? [],
  );
  const [lowestLoad = ''] = subjects.flatMap(({ watched }) =>
    watched.flatMap((trial) => schedulingSteps(trial).slice(0, 1)).map(({ name }) => name),
  );
  const latency = {
    worst: 'The highest',
    format: formatMicros,
    under: `at ${formatCount(commonRate(plain) ?? 0)} ${rateWord(unit)}`,
  };
  return [
    {
      topic: 'Throughput',
      figure: 'requestsPerSecond',
      best: `answered the most ${many} per second`,
      worst: 'The fewest',
      times: (more, ratio, less) => `${more} answers ${ratio} the ${many} of ${less}`,
      format: formatCount,
      under: `over ${formatCount(busy)} connections that were never idle`,
    },
    {
      topic: 'Memory per connection',
      figure: 'bytesPerConnection',
      best: 'held a connection in the least memory',
      worst: 'The most',
      times: (more, ratio, less) => `${more} uses ${ratio} the memory of ${less} per connection`,
      format: formatBytes,
      under: 'while connections were held idle',
    },
    {
      ...latency,
      topic: 'Median latency',
      figure: 'p50',
      best: 'had the lowest median latency',
      times: (more, ratio, less) => `${more} has ${ratio} the median latency of ${less}`,
    },
    {
      ...latency,
      topic: 'p99 latency',
      figure: 'p99',
      best: 'had the lowest p99',
      times: (more, ratio, less) => `${more} has ${ratio} the p99 of ${less}`,
    },
    {
      topic: 'Scheduling delay',
      figure: schedulingDelay,
      best: `took a readable ${one} soonest`,
      worst: 'The latest',
      times: (more, ratio, less) =>
        `${more} takes a readable ${one} after ${ratio} the time of ${less}`,
      format: formatMicros,
      under: `the median at ${lowestLoad}`,
    },
  ];
}
