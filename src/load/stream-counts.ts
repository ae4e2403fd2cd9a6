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

export const noStreams: StreamTally = { begun: 0, withoutEvents: 0, events: 0, eventsInWindow: 0 };

/** Counts streams and their events; nothing is allocated for any of them. */
export class StreamCounts {
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

  clear(): void {
    this.begun = 0;
    this.withoutEvents = 0;
    this.#events = 0;
    this.#eventsInWindow = 0;
  }
}

/** Of all shards. */
export function sumStreams(tallies: readonly StreamTally[]): StreamTally {
  return tallies.reduce((sum, each) => ({
    begun: sum.begun + each.begun,
    withoutEvents: sum.withoutEvents + each.withoutEvents,
    events: sum.events + each.events,
    eventsInWindow: sum.eventsInWindow + each.eventsInWindow,
  }));
}
