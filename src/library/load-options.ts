import type { Problem } from '../basis/problem.js';
import { parseCount, parseSteadyRate } from '../basis/units.js';
import type { AskedLoad } from '../config/asked-load.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseSeed, parseStreams, readWords } from '../config/run-flags.js';
import type { RunSubject } from '../subject/subject.js';
import { subjectDescriber } from '../subject/target-describer.js';
import { connectionsOf, durationOf, rateOf } from './quantities.js';
import type { RunOptions } from './run-options.js';

/**
 * Reads what is said of the load, and puts what is wrong with it under the name of its flag.
 * @param subject that may be asked what its methods are; null: it could not be read
 */
export async function readLoadOptions(
  options: RunOptions,
  subject: RunSubject | null,
  problems: Problem[],
  signal: AbortSignal,
): Promise<AskedLoad> {
  const urls = subject?.kind === 'urls' ? subject.urls : [];
  const describer = subjectDescriber(subject, signal);
  const flag = new FlagReader(problems);
  return {
    connections: flag.read('--connections', options.connections, connectionsOf),
    durationMicros: flag.read('--duration', options.duration, durationOf),
    requests: flag.read('--requests', options.requests, parseCount),
    rate: flag.read('--rate', options.rate, rateOf),
    threads: flag.read('--threads', options.threads, parseCount),
    warmupMicros: flag.read('--warmup', options.warmup, durationOf),
    timeoutMicros: flag.read('--timeout', options.timeout, durationOf),
    connectTimeoutMicros: flag.read('--connect-timeout', options.connectTimeout, durationOf),
    deadlineMicros: flag.read('--deadline', options.deadline, durationOf),
    connectRatePerSecond: flag.read('--connect-rate', options.connectRate, parseSteadyRate),
    ...(await readWords(options, urls, problems, describer)),
    streams: flag.read('--streams', options.streams, parseStreams),
    seed: flag.read('--seed', options.seed, parseSeed),
  };
}
