import type { Origin } from '../load/plan.js';

/** A server under measurement that is up now, however it came to be. */
export interface RunningServer {
  /** Where it is loaded: one for each replica, or for each address of a URL's host. */
  readonly origins: readonly Origin[];
  /** Empty where its processes are not known: then it has no CPU time and no memory. */
  readonly pids: readonly number[];
  /** c1m started it, and may restart the kernel's high-water marks of its memory. */
  readonly owned: boolean;
  /** From the exec of its program to its first 200; null where c1m did not start it. */
  readonly startupMs: number | null;
  readonly artifactBytes: number | null;
  /** How many CPUs it may use. */
  readonly cpuCount: number;
  /** Those that c1m has bound it to; null where it has not. */
  readonly cpus: readonly number[] | null;
  /** Where its replicas answer /probe; empty where they were not to, or cannot. */
  readonly probeUrls: readonly string[];
  /** null while none of its processes has ended, as far as c1m knows. */
  ended(): Ending | null;
  /** Resolves when what c1m started is gone; may be called again. */
  stop(): Promise<void>;
}

export interface Ending {
  /** "exit code 1", "SIGKILL". */
  readonly how: string;
  /** The end of what it printed; empty where that is not known. */
  readonly said: string;
}

/** `http://127.0.0.1:12345`, as results name a server that c1m started. */
export function urlOf({ protocol, address, port }: Origin): string {
  return `${protocol}//${address}:${port}`;
}
