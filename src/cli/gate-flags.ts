import type { CpuFlags } from '../config/cpu-flags.js';
import type { TlsFlags } from '../config/tls-flags.js';
import type { ContestFlags } from './contest-flags.js';
import type { GateOutputFlags } from './gate-output.js';
import type { LiveFlags } from './live-progress.js';

export interface GateFlags
  extends
    ContestFlags,
    CpuFlags,
    GateOutputFlags,
    LiveFlags,
    Pick<TlsFlags, 'insecure' | 'cacert'> {
  /** A stored result to compare with, in place of a base that runs beside head. */
  readonly baseline?: string;
  readonly trials?: string;
  readonly scenario?: string;
  readonly stream?: string | boolean;
  readonly connections?: string;
  readonly rate?: string;
  readonly allow?: string[];
  readonly detect?: string[];
  readonly strict?: boolean;
  readonly budget?: string;
}
