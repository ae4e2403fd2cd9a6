import type { Origin } from '../load/plan.js';
import type { Contender } from './contender.js';

/** A server that is running already: it has no start-up time, and no fresh process for each pair. */
export function urlContender(label: string, origin: Origin): Contender {
  return {
    label,
    fresh: false,
    secure: origin.protocol === 'https:',
    start: () =>
      Promise.resolve({
        origin,
        pids: [],
        startupMs: null,
        ended: () => null,
        stop: () => Promise.resolve(),
      }),
  };
}
