import { commonRate, type RankedName } from '../../compare/compared.js';
import { lastPhase } from '../../figures/trial-phases.js';
import type { Custom } from '../order.js';
import { schedulingDelay, schedulingSteps } from '../scheduling-delay.js';
import { inUnit, rateWord } from '../../figures/unit-words.js';
import { unitOfSubjects, type Subject } from '../subject.js';
import { formatBytes, formatCount, formatMicros, formatPercent } from '../../basis/format.js';

/** One thing in which targets are compared, with the words for it. */
export interface Aspect {
  readonly topic: string;
  readonly figure: RankedName | Custom;
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
  const overConnections = `over ${formatCount(busy)} connections that were never idle`;
  const latency = {
    worst: 'The highest',
    format: formatMicros,
    under: `at ${formatCount(commonRate(plain) ?? 0)} ${rateWord(unit)}`,
  };
  const underLoad = commonRate(plain) === null ? overConnections : latency.under;
  return [
    {
      topic: 'Throughput',
      figure: 'requestsPerSecond',
      best: `answered the most ${many} per second`,
      worst: 'The fewest',
      times: (more, ratio, less) => `${more} answers ${ratio} the ${many} of ${less}`,
      format: formatCount,
      under: overConnections,
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
      topic: 'Events',
      figure: 'eventsPerSecond',
      best: 'sent the most events per second',
      worst: 'The fewest',
      times: (more, ratio, less) => `${more} sends ${ratio} the events of ${less}`,
      format: formatCount,
      under: overConnections,
    },
    {
      topic: 'Time to the first event',
      figure: 'firstEvent.p50',
      best: 'had the lowest median time to the first event',
      worst: 'The highest',
      times: (more, ratio, less) =>
        `${more} has ${ratio} the median time to the first event of ${less}`,
      format: formatMicros,
      under: underLoad,
    },
    {
      topic: 'Time between events',
      figure: 'betweenEvents.p99',
      best: 'had the lowest p99 between events',
      worst: 'The highest',
      times: (more, ratio, less) => `${more} has ${ratio} the p99 between events of ${less}`,
      format: formatMicros,
      under: underLoad,
    },
    {
      topic: 'Reach',
      figure: 'reach',
      best: 'delivered the largest share in time',
      worst: 'The smallest',
      times: (more, ratio, less) => `${more} has ${ratio} the reach of ${less}`,
      format: formatPercent,
      under: latency.under,
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
