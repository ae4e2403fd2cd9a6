import type { Origin } from '../load/plan.js';

/** One of the two builds that are measured against each other. */
export interface Contender {
  /** As reports name it: a git ref, a command, a folder, a URL. */
  readonly label: string;
  /** Whether each start gives a fresh process, which is what makes a pair independent of the last. */
  readonly fresh: boolean;
  /** Reached over TLS. */
  readonly secure: boolean;
  /** Starts a process of it, and resolves when it answers. Rejects with a TargetError. */
  start(cpus: readonly number[], signal: AbortSignal): Promise<Contestant>;
}

/** A build's process that is up and answers. */
export interface Contestant {
  readonly origin: Origin;
  /** Empty where its processes are not known: then it has no CPU time and no memory. */
  readonly pids: readonly number[];
  /** From just before the process was started to its first 200; null where c1m did not start it. */
  readonly startupMs: number | null;
  /** How it ended, if it has. */
  ended(): string | null;
  readonly stop: () => Promise<void>;
}
