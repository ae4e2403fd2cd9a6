import type { Connections } from '../connections.js';
import type { Phase } from '../plan.js';
import { createSchedule } from '../schedule.js';
import { alone, shareOf, type Shard } from '../shard.js';
import { ClosedWorkload } from './closed.js';
import { IdleWorkload } from './idle.js';
import { OpenWorkload } from './open.js';
import type { SendRecorder, Starter, Workload } from './workload.js';

/** The load model of a phase, for one shard. @param isFanOut the first shard alone sends */
export function createWorkload(
  { arrival, durationMicros, requests: written }: Phase,
  shard: Shard,
  connections: Connections,
  starter: Starter,
  deadlineMicros: number | null,
  recorder: SendRecorder,
  isFanOut: boolean,
): Workload {
  // The shards hold equal shares of the connections, but for one: a number that this one's share is of.
  const requests = written === 'each' ? connections.established * shard.count : written;
  switch (arrival.kind) {
    case 'closed': {
      const share = requests === null ? null : shareOf(requests, shard);
      return new ClosedWorkload(connections, starter, share);
    }
    case 'open': {
      const schedule = createSchedule(arrival.ratePerSecond, durationMicros, requests);
      if (isFanOut) {
        const own = shard.index === 0 ? schedule : { ...schedule, planned: 0 };
        return new OpenWorkload(connections, starter, alone, own, deadlineMicros, recorder);
      }
      return new OpenWorkload(connections, starter, shard, schedule, deadlineMicros, recorder);
    }
    case 'idle':
      return new IdleWorkload(starter, arrival.touch);
  }
}
