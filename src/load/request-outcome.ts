import { censoredDistribution } from '../latency/censored-distribution.js';
import type { CountsSnapshot } from '../latency/counts.js';
import { addNamed } from '../results/counts.js';
import type { CensoredDistribution } from '../results/distribution.js';
import type { StreamWait } from '../results/events.js';
import type { RequestCounts, RequestTally } from './request-series.js';
import { sumStreams, type StreamSeriesTally, type StreamTally } from './stream-series.js';

/** What all shards did of one of the scenario's requests in one phase, summed. */
export interface RequestOutcome extends RequestCounts {
  /** Of the responses, those with a status from 400 on that the request does not expect. */
  readonly errorStatuses: Record<string, number>;
  /** Empty also of a request that has no other beside it. */
  readonly latency: {
    readonly ended: readonly CountsSnapshot[];
    readonly censored: readonly CountsSnapshot[];
    readonly distribution: CensoredDistribution | null;
  };
  /** null of one that asks for no stream of events, and of one that has no other beside it. */
  readonly streams: RequestStreams | null;
}

/** The streams of events of one request, of all shards. */
interface RequestStreams {
  readonly tally: StreamTally;
  readonly distributions: Readonly<Record<StreamWait, CensoredDistribution | null>>;
}

/** @param shards by shard and place in the plan; empty of a shard that failed */
export function mergeRequests(shards: readonly (readonly RequestTally[])[]): RequestOutcome[] {
  const requests = Math.max(0, ...shards.map(({ length }) => length));
  return Array.from({ length: requests }, (_, place) =>
    merge(shards.flatMap((tallies) => tallies[place] ?? [])),
  );
}

function merge(tallies: readonly RequestTally[]): RequestOutcome {
  const sum = (of: (tally: RequestTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const ended = tallies.flatMap(({ latency }) => latency ?? []);
  const censored = tallies.flatMap(({ latencyCensored }) => latencyCensored ?? []);
  return {
    sent: sum(({ sent }) => sent),
    responses: sum(({ responses }) => responses),
    responsesInWindow: sum(({ responsesInWindow }) => responsesInWindow),
    statusCodes: addNamed(tallies.map(({ statusCodes }) => statusCodes)),
    errors: addNamed(tallies.map(({ errors }) => errors)),
    errorStatuses: addNamed(tallies.map(({ errorStatuses }) => errorStatuses)),
    latency: { ended, censored, distribution: censoredDistribution(ended, censored) },
    streams: mergeStreams(tallies.flatMap(({ streams }) => streams ?? [])),
  };
}

function mergeStreams(tallies: readonly StreamSeriesTally[]): RequestStreams | null {
  if (tallies.length === 0) return null;
  const of = (name: StreamWait): CensoredDistribution | null =>
    censoredDistribution(
      tallies.flatMap(({ waits }) => waits[name] ?? []),
      tallies.flatMap(({ waits }) => waits[`${name}Censored`] ?? []),
    );
  return {
    tally: sumStreams(tallies),
    distributions: {
      firstByte: of('firstByte'),
      firstEvent: of('firstEvent'),
      firstEventService: of('firstEventService'),
      betweenEvents: of('betweenEvents'),
    },
  };
}
