import type { EventFigures } from '../results/events.js';
import type { LoadFigures, Warning } from '../results/figures.js';

/** What a load with streams of events has to say of them. */
export function streamWarnings(load: LoadFigures, events: EventFigures | null): Warning[] {
  if (events === null) return [];
  const { streams, received, withoutEvents } = events;
  if (received === 0) return load.responses + streams === 0 ? [] : [noEvents(load, streams)];
  if (withoutEvents === 0) return [];
  return [
    {
      code: 'streams-without-events',
      message: `${withoutEvents} of ${streams} streams ended without an event`,
      remedy:
        'Look at one of them: curl -N URL; comments, and lines that are no data, are no events',
    },
  ];
}

function noEvents({ responses, unit }: LoadFigures, streams: number): Warning {
  const code = 'no-events';
  if (unit === 'call') {
    const message = `No message came in the answers to ${streams} calls`;
    return { code, message, remedy: 'Look at one of them with grpcurl; --data may ask for none' };
  }
  if (streams === 0) {
    return {
      code,
      message: `None of ${responses} responses is a stream of events, by its status and Content-Type`,
      remedy:
        'Look at one of them: curl -iN URL; --stream sse, or ndjson, reads it as such all the same',
    };
  }
  return {
    code,
    message: `No event came in ${streams} streams`,
    remedy:
      'Look at one of them: curl -iN URL; it may be of the other kind: --stream sse, or ndjson',
  };
}
