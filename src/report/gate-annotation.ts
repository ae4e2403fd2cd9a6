import type { GateResult } from '../results/gate.js';
import { printableLine } from '../basis/printable.js';
import { gateHeadline } from './gate-words.js';

const levels: Record<GateResult['verdict'], 'notice' | 'warning' | 'error'> = {
  pass: 'notice',
  improvement: 'notice',
  regression: 'error',
  inconclusive: 'warning',
  invalid: 'warning',
  'no-baseline': 'warning',
};

/** A workflow command that GitHub shows beside the pull request (docs.github.com, "Workflow commands"). */
export function gateAnnotation(result: GateResult): string {
  const message = printableLine(gateHeadline(result))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
  return `::${levels[result.verdict]} title=c1m gate::${message}\n`;
}
