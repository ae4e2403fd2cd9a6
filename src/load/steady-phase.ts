import type { Arrival, Phase } from './plan.js';

/** A recorded phase of so many connections and one arrival from its beginning to its end. */
export function steadyPhase(
  name: string,
  connections: number,
  durationMicros: number,
  arrival: Arrival,
): Phase {
  return {
    name,
    durationMicros,
    requests: null,
    connections: { from: connections, to: connections },
    arrival,
    record: true,
  };
}

/** So many requests per second, all the time. */
export function steadyRate(perSecond: number): Arrival {
  return { kind: 'open', ratePerSecond: { from: perSecond, to: perSecond } };
}
