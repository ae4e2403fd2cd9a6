import type { CpuFlags } from '../config/cpu-flags.js';
import type { WordFlags } from '../config/run-flags.js';
import type { TrialObserver } from '../experiment/trial.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import type { Kind } from './option-kinds.js';
import type { Amount, Duration } from './quantities.js';

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
  websocket: 'boolean',
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
