import type { Scenario } from '../config/scenario.js';
import type { ClaimFigure } from '../results/claims.js';
import type { Target } from '../targets/catalog.js';
import type { BesidePlan } from './arms/beside.js';
import type { Bound } from './bound.js';

/** What somebody has published, and how it is measured again. Made where its file is read. */
export interface Claim {
  readonly name: string;
  readonly title: string;
  readonly sentence: { readonly english: string; readonly original: string | null };
  /** Where it is said. */
  readonly source: string;
  /** What the source leaves open, and what was taken in its place. */
  readonly open: string | null;
  /** The figures that it gives, each as it gives it. */
  readonly said: readonly string[];
  /** Fresh processes of each arm; fewer where the answer is wanted quickly. */
  readonly processes: number;
  readonly quickProcesses: number;
  readonly figures: readonly ClaimFigure[];
  readonly arms: readonly ArmPlan[];
  readonly conditions: readonly Condition[];
  /** Of its file. */
  readonly hash: string;
  /** How it is named on the command line: its name, or the path of its file. */
  readonly word: string;
}

/** One of the things that are measured for a claim. */
export type ArmPlan = {
  readonly name: string;
  readonly target: Target;
} & Measurement;

type Measurement =
  /** A program that is given a command of its own. */
  | {
      readonly kind: 'program';
      readonly command: string;
      /** In each batch; null: as many as take long enough to be timed. */
      readonly operations: number | null;
    }
  /** A server under a load. */
  | ({ readonly kind: 'load'; readonly scenario: Scenario } & BesidePlan)
  /** A server's start, without a load. */
  | { readonly kind: 'start' }
  /** What a container of it holds: its artifact, and the certificates of authorities. */
  | { readonly kind: 'image' };

/** One thing that has to be so for the claim to hold. */
export interface Condition {
  readonly says: string;
  readonly figure: ClaimFigure;
  readonly arm: string;
  /** The arm whose figure that of the other is divided by; null: the figure stands alone. */
  readonly over: string | null;
  readonly bound: Bound;
}
