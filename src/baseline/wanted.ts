import type { Scenario } from '../config/scenario.js';
import type { CpuSplit } from '../measure/cpus.js';
import type { Host } from '../results/schema.js';
import type { uringSupport } from '../uring/support.js';

/** What a stored result must have in common with the measurement that it is to be compared with. */
export interface Wanted {
  /** The name of the target; null: the only one that the result has. */
  readonly target: string | null;
  /** Of --scenario; null: the result's own, if it can be repeated. */
  readonly scenario: Scenario | null;
  readonly host: Host;
  readonly split: CpuSplit;
  readonly uring: Awaited<ReturnType<typeof uringSupport>>;
}
