import type { Problem } from '../basis/problem.js';
import { parseCount, parseSteadyRate } from '../basis/units.js';
import type { AskedLoad } from '../config/asked-load.js';
import type { CpuFlags } from '../config/cpu-flags.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseSeed, parseStreams, readWords, type WordFlags } from '../config/run-flags.js';
import type { TrialObserver } from '../experiment/trial.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import type { RunSubject } from '../subject/subject.js';
import { subjectDescriber } from '../subject/target-describer.js';
import type { Kind } from './option-kinds.js';
import { connectionsOf, durationOf, rateOf, type Amount, type Duration } from './quantities.js';

type Durations = 'duration' | 'warmup' | 'timeout' | 'connectTimeout' | 'deadline';
type Amounts = 'connections' | 'rate';
type Numbers = 'requests' | 'threads' | 'seed' | 'streams' | 'connectRate' | 'pid';

/**
 * What `run` takes: the flags of `c1m run` by their names, typed. Connections are counted, rates are
 * per second. Text is read as on the command line (`rate: '10k'`). Others are refused.
 */
export interface RunOptions
  extends
    WordFlags,
    CpuFlags,
    Readonly<Partial<Record<Durations, Duration | string | undefined>>>,
    Readonly<Partial<Record<Amounts, Amount | undefined>>>,
    Readonly<Partial<Record<Numbers, number | string | undefined>>> {
  /** What watches how the server is scheduled; needs `pid`, or a target. Off without it. */
  readonly sched?: SchedulingChoice | undefined;
  /** Ask the target each second what its runtime says of itself, where it has a /probe. */
  readonly probe?: boolean | undefined;
  readonly targetFolders?: readonly string[] | undefined;
  readonly observer?: TrialObserver | undefined;
  /** Aborting it ends the run with what was measured so far. */
  readonly signal?: AbortSignal | undefined;
}

export const runOptionKinds: Readonly<Record<keyof RunOptions, Kind>> = {
  duration: 'duration',
  warmup: 'duration',
  timeout: 'duration',
  connectTimeout: 'duration',
  deadline: 'duration',
  connections: 'amount',
  rate: 'amount',
  requests: 'number',
  threads: 'number',
  seed: 'number',
  streams: 'number',
  connectRate: 'number',
  pid: 'number',
  method: 'text',
  header: 'texts',
  body: 'text',
  bodyFile: 'text',
  grpc: 'text',
  proto: 'texts',
  protoPath: 'texts',
  data: 'text',
  pingPong: 'boolean',
  keepalive: 'boolean',
  engine: 'choice',
  http2: 'boolean',
  fanOut: 'boolean',
  stream: 'format',
  insecure: 'boolean',
  cacert: 'text',
  cert: 'text',
  key: 'text',
  tlsMin: 'text',
  tlsMax: 'text',
  servername: 'text',
  resume: 'boolean',
  connectTo: 'texts',
  resolve: 'texts',
  unix: 'text',
  proxyProtocol: 'choice',
  localIps: 'text',
  memoryLimit: 'text',
  scenario: 'text',
  failIf: 'texts',
  loadCpus: 'text',
  targetCpus: 'text',
  sched: 'choice',
  probe: 'boolean',
  targetFolders: 'texts',
  observer: 'other',
  signal: 'other',
};

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
