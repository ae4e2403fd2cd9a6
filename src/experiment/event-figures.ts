import type { StreamTally } from '../load/stream-series.js';
import type { CensoredDistribution } from '../results/distribution.js';
import type { EventFigures, StreamWait } from '../results/events.js';

/** Of all requests of a phase, or of one of them. */
export function eventFigures(
  { begun, withoutEvents, events, eventsInWindow }: StreamTally,
  waits: Readonly<Record<StreamWait, CensoredDistribution | null>>,
  windowSeconds: number,
): EventFigures {
  return {
    streams: begun,
    withoutEvents,
    received: events,
    perSecond: windowSeconds === 0 ? 0 : eventsInWindow / windowSeconds,
    firstByteUs: waits.firstByte,
    firstEventUs: waits.firstEvent,
    firstEventServiceUs: waits.firstEventService,
    betweenUs: waits.betweenEvents,
  };
}
