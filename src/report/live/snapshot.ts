import type { ExchangeUnit } from '../../results/exchange-unit.js';

/** What a measurement looks like at one moment, for people to watch. */
export interface LiveSnapshot {
  /** Of a command that measures several times; null where there is one trial. */
  readonly course: Course | null;
  /** Null where a trial shows nothing of itself. */
  readonly stage: Stage | null;
  /** Of the phase; null before its first connection. */
  readonly load: LiveLoad | null;
  /** Of the phase, oldest first. */
  readonly seconds: readonly LiveSecond[];
  /** Of the last second. */
  readonly generator: LiveGenerator | null;
  readonly server: LiveServer | null;
}

export interface Course {
  readonly label: string;
  /** Done, from 0 to 1. */
  readonly share: number;
  /** Null while that cannot be told. */
  readonly remainingSeconds: number | null;
  /** The rest is a limit, not an estimate. */
  readonly atMost: boolean;
}

export type Stage =
  | { readonly kind: 'starting'; readonly text: string }
  | { readonly kind: 'opening'; readonly label: string }
  | {
      readonly kind: 'running';
      readonly label: string;
      readonly elapsedSeconds: number;
      readonly seconds: number | null;
      readonly requests: number | null;
      readonly unit: ExchangeUnit;
    }
  | { readonly kind: 'closing'; readonly connections: number };

export interface LiveLoad {
  readonly established: number;
  readonly wanted: number;
  readonly responses: number;
  readonly errors: Readonly<Record<string, number>>;
}

export interface LiveSecond {
  readonly requestsPerSecond: number;
  /** Null where nothing was answered. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

export interface LiveGenerator {
  readonly cpuUtilization: number | null;
  readonly waitingForCpu: number | null;
  readonly pacingLagP99Us: number | null;
  readonly saturated: boolean;
}

export interface LiveServer {
  readonly rssBytes: number;
  readonly cpus: number | null;
  readonly ofCpus: number;
}
