import type { BuiltTarget } from './build.js';
import { canPin, type ProcessExit } from '../process/guard.js';
import { startReplica, type Replica } from './replica.js';
import { TargetError } from './target-error.js';

export interface LaunchOptions {
  /** Processes, each on a port of its own. */
  replicas?: number;
  /** CPUs that the target is bound to; all of them without it. */
  cpus?: readonly number[] | undefined;
  /** Goes before the manifest's own environment. */
  env?: Readonly<Record<string, string>>;
  host?: string;
  /** A certain port, for one replica. Without it, free ones. */
  port?: number;
  /** Give it a PROBE_PORT, if its manifest lists `probe`. */
  probe?: boolean;
  /** Called as more and more replicas are up. */
  onStarted?: (replicas: number) => void;
  signal?: AbortSignal;
}

export interface TargetExit extends ProcessExit {
  pid: number;
}

/** A target that is up and answers. */
export interface RunningTarget {
  built: BuiltTarget;
  pids: readonly number[];
  /** `http://127.0.0.1:12345`, without a path; one per replica, in the order of `pids`. */
  urls: readonly string[];
  /** Where each replica answers /probe, path included; empty where it was not asked to, or cannot. */
  probeUrls: readonly string[];
  /** From the exec of its program to its first 200; the first replica's, started alone. */
  startupMs: number;
  /** The CPUs it is bound to, or null where it is not. */
  cpus: readonly number[] | null;
  /** Resolves when the first of its processes is gone, whoever ended it. Never rejects. */
  exited: Promise<TargetExit>;
  /** The end of what it printed, at most 64 kB of each replica. */
  output: () => string;
  /** SIGTERM, then SIGKILL after 2 s. Resolves when all are gone; may be called again. */
  stop: () => Promise<void>;
}

const graceMs = 2_000;
/** A JVM's start keeps more than one CPU busy, so not all replicas are started at once. */
const startedTogether = 4;

/** Starts a built target. Whatever becomes of c1m, its processes do not outlive it. */
export async function launch(
  built: BuiltTarget,
  options: LaunchOptions = {},
): Promise<RunningTarget> {
  const {
    replicas: count = 1,
    cpus,
    env = {},
    host = '127.0.0.1',
    port,
    probe = false,
    onStarted,
    signal,
  } = options;
  if (port !== undefined && count > 1) {
    throw new TargetError('cannot-start', `${count} replicas cannot share port ${port}`);
  }
  const probed = probe && built.target.manifest.serves.includes('probe');
  const replicaOptions = { host, port, probe: probed, cpus, env, signal };
  const replicas: Replica[] = [];
  const stop = async () => {
    await Promise.all(replicas.map(({ process }) => process.end(graceMs)));
  };
  try {
    // The first one alone, so that its start-up time is not that of a crowd.
    replicas.push(await startReplica(built, replicaOptions));
    while (replicas.length < count) {
      onStarted?.(replicas.length);
      const batch = Math.min(startedTogether, count - replicas.length);
      const starts = Array.from({ length: batch }, () => startReplica(built, replicaOptions));
      const results = await Promise.allSettled(starts);
      for (const result of results) if (result.status === 'fulfilled') replicas.push(result.value);
      const failure = results.find((result) => result.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    built,
    pids: replicas.map(({ pid }) => pid),
    urls: replicas.map(({ url }) => url),
    probeUrls: replicas.map(({ probeUrl }) => probeUrl).filter((url) => url !== null),
    startupMs: replicas[0]!.startupMs,
    cpus: cpus !== undefined && cpus.length > 0 && canPin() ? cpus : null,
    exited: Promise.race(replicas.map(exitOf)),
    output: () => replicas.map(({ output }) => output.text()).join('\n'),
    stop,
  };
}

async function exitOf({ pid, process }: Replica): Promise<TargetExit> {
  return { pid, ...(await process.exited) };
}
