import { z } from 'zod';
import type { LogBuckets } from '../latency/log-buckets.js';
import { bucketOf, distributionOf } from '../latency/log-buckets.js';
import type { SchedulingReading } from './instrument.js';
import { traced, type Tally, type Traced } from './trace-script.js';

/** With more of them unseen, the rest may not stand for all. */
const bearableLoss = 0.01;

/** A line of `bpftrace -f json`. */
export const traceLineSchema = z.object({ type: z.string(), data: z.unknown() });
export type TraceLine = z.output<typeof traceLineSchema>;

const keyed = z.record(z.string(), z.number());

/** Puts together what the script printed between two marks. */
export function readTrace(lines: readonly TraceLine[]): SchedulingReading {
  const maps = new Map<string, unknown>();
  let lostEvents = false;
  for (const { type, data } of lines) {
    if (type === 'lost_events') lostEvents = true;
    if (type !== 'map') continue;
    for (const [name, value] of Object.entries(data as object)) maps.set(name.slice(1), value);
  }
  const one = (name: string): number => Number(maps.get(name) ?? 0);
  const many = (name: string): ReadonlyMap<number, number> =>
    new Map(Object.entries(keyed.parse(maps.get(name) ?? {})).map(([key, n]) => [Number(key), n]));
  const bucketsOf = (name: Traced): LogBuckets => ({
    counts: many(name),
    sum: one(`${name}Sum`),
    min: one(`${name}Min`),
    max: one(`${name}Max`),
  });
  const histograms = new Map<Traced, LogBuckets>(traced.map((name) => [name, bucketsOf(name)]));
  histograms.set('connection', withOpen(bucketsOf('connection'), many('delayOf'), many('takesOf')));
  const of = (name: Traced) => distributionOf(histograms.get(name)!);
  const tally = (name: Tally): number => one(name);
  const [total, kernel, runtime, perConnection] = [
    of('total'),
    of('kernel'),
    of('runtime'),
    of('connection'),
  ];
  const known = total !== null && kernel !== null && runtime !== null && perConnection !== null;
  const taken = tally('takes');
  const doubtful = tally('unseen') + tally('unattributed');
  return {
    delayUs: known ? { total, kernel, runtime, perConnection } : null,
    counted: {
      source: 'ebpf',
      valid: !lostEvents && doubtful <= taken * bearableLoss,
      requests: { taken, unseen: tally('unseen'), unattributed: tally('unattributed') },
      contextSwitches: { voluntary: tally('voluntary'), involuntary: tally('involuntary') },
      wakeups: tally('wakeups'),
      migrations: tally('migrations'),
      systemCalls: tally('systemCalls'),
      runQueueUs: of('runQueue'),
      onCpuUs: of('onCpu'),
      offCpuUs: of('offCpu'),
      runQueueDelayMs: histograms.get('runQueue')!.sum / 1e6,
    },
    histograms,
  };
}

/** The means of connections that ended are counted already; those of the open ones are added. */
function withOpen(
  ended: LogBuckets,
  delays: ReadonlyMap<number, number>,
  takes: ReadonlyMap<number, number>,
): LogBuckets {
  const counts = new Map(ended.counts);
  let { sum, min, max } = ended;
  for (const [connection, taken] of takes) {
    if (taken === 0) continue;
    const mean = (delays.get(connection) ?? 0) / taken;
    const bucket = bucketOf(Math.floor(mean));
    min = counts.size === 0 ? mean : Math.min(min, mean);
    max = Math.max(max, mean);
    sum += mean;
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return { counts, sum, min, max };
}
