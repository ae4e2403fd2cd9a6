import { Counts, type CountsSnapshot } from '../latency/counts.js';
import type { StreamWait } from '../results/events.js';

/** What one shard counted of streams of events in one phase. */
export interface StreamTally {
  /** Streams of which the head came. */
  readonly begun: number;
  /** Those that were ended in order, and held no event. */
  readonly withoutEvents: number;
  readonly events: number;
  /** Those that came before the phase's clock ran out. */
  readonly eventsInWindow: number;
}

/** The same with how long what came was waited for, of the whole phase. */
export interface StreamSeriesTally extends StreamTally {
  readonly waits: Readonly<Record<StreamWait | `${StreamWait}Censored`, CountsSnapshot | null>>;
}

export const noStreams: StreamTally = { begun: 0, withoutEvents: 0, events: 0, eventsInWindow: 0 };

/**
 * Counts streams and their events, and how long each was waited for: of all of a scenario's requests,
 * or of one. Nothing is allocated for any of them.
 */
export class StreamSeries {
  readonly firstByte = new Counts();
  readonly firstEvent = new Counts();
  readonly firstEventService = new Counts();
  readonly betweenEvents = new Counts();
  readonly firstByteCensored = new Counts();
  readonly firstEventCensored = new Counts();
  readonly firstEventServiceCensored = new Counts();
  readonly betweenEventsCensored = new Counts();
  begun = 0;
  withoutEvents = 0;
  #events = 0;
  #eventsInWindow = 0;

  came(events: number, inWindow: boolean): void {
    this.#events += events;
    if (inWindow) this.#eventsInWindow += events;
  }

  /** What was counted since `clear`. */
  get tally(): StreamTally {
    const { begun, withoutEvents } = this;
    return { begun, withoutEvents, events: this.#events, eventsInWindow: this.#eventsInWindow };
  }

  /** Hands out the waits since the last call, and what was counted since `clear`. */
  take(): StreamSeriesTally {
    return {
      ...this.tally,
      waits: {
        firstByte: this.firstByte.take(),
        firstEvent: this.firstEvent.take(),
        firstEventService: this.firstEventService.take(),
        betweenEvents: this.betweenEvents.take(),
        firstByteCensored: this.firstByteCensored.take(),
        firstEventCensored: this.firstEventCensored.take(),
        firstEventServiceCensored: this.firstEventServiceCensored.take(),
        betweenEventsCensored: this.betweenEventsCensored.take(),
      },
    };
  }

  clear(): void {
    this.take();
    this.begun = 0;
    this.withoutEvents = 0;
    this.#events = 0;
    this.#eventsInWindow = 0;
  }
}

/** Of all shards. */
export function sumStreams(tallies: readonly StreamTally[]): StreamTally {
  return tallies.reduce(
    (sum, each) => ({
      begun: sum.begun + each.begun,
      withoutEvents: sum.withoutEvents + each.withoutEvents,
      events: sum.events + each.events,
      eventsInWindow: sum.eventsInWindow + each.eventsInWindow,
    }),
    noStreams,
  );
}
