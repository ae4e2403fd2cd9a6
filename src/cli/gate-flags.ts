import type { ContestFlags } from '../duet/contest.js';
import type { CpuFlags } from '../experiment/cpu-sides.js';
import type { GateOutputFlags } from './gate-output.js';
import type { LiveFlags } from './live-progress.js';

export interface GateFlags extends ContestFlags, CpuFlags, GateOutputFlags, LiveFlags {
  /** A stored result to compare with, in place of a base that runs beside head. */
  readonly baseline?: string;
  readonly trials?: string;
  readonly scenario?: string;
  readonly connections?: string;
  readonly rate?: string;
  readonly allow?: string[];
  readonly budget?: string;
}
