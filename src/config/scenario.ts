import type { DataTable, EngineName, Phase, RequestSpec } from '../load/plan.js';

export const engineChoices = ['auto', 'uring', 'net', 'undici'] as const satisfies (
  'auto' | EngineName
)[];
export type EngineChoice = (typeof engineChoices)[number];

/** What to do, apart from whom to do it to and with how many threads. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** An empty path is that of the URL. */
  readonly requests: readonly RequestSpec[];
  readonly data: DataTable | null;
  readonly phases: readonly Phase[];
  readonly keepAlive: boolean;
  readonly timeoutMicros: number;
  readonly connectTimeoutMicros: number;
  readonly deadlineMicros: number | null;
  readonly engine: EngineChoice;
  readonly http2: boolean;
  /** What a comparison takes where it is not told: names of targets, runtimes or families; empty: all. */
  readonly targets: readonly string[];
  /** How often a comparison repeats it, each time against a fresh process. */
  readonly trials: number;
  readonly seed: number;
}

export const scenarioDefaults = {
  keepAlive: true,
  timeoutMicros: 10e6,
  deadlineMicros: null,
  engine: 'auto',
  http2: false,
  targets: [],
  trials: 3,
  // Fixed, so that a run repeats without anyone having written down its seed.
  seed: 1,
} as const satisfies Partial<Scenario>;
