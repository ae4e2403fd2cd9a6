import type { Allowances } from '../gate/allowance.js';
import { detectableChanges } from '../gate/allowance-flag.js';
import { ConfigError } from '../basis/problem.js';
import type { GateFlags } from './gate-flags.js';

/** What must not have hidden for a pass without proof; null with --strict: only proof passes. */
export function detectFlag(
  { detect, strict }: Pick<GateFlags, 'detect' | 'strict'>,
  allowed: Allowances,
): Allowances | null {
  if (strict !== true) return detectableChanges(detect ?? [], allowed);
  if (detect === undefined) return null;
  const message = '--detect and --strict exclude each other';
  const remedy = '--strict passes only what is proven; --detect is for a pass without proof.';
  throw new ConfigError([{ where: '--detect', message, remedy }]);
}
