import { attemptsOf, errorsOf } from '../../figures/errors.js';
import { totalOf } from '../../results/counts.js';
import type { PhaseResult } from '../../results/figures.js';
import { formatCount, formatPercent } from '../../basis/format.js';
import type { Subject } from '../subject.js';
import type { Finding } from './finding.js';

/** Which targets did not give the answers that were asked for, in all their trials; null if all did. */
export function errorFinding(subjects: readonly Subject[]): Finding | null {
  const struck = subjects.flatMap(({ label, plain }) => {
    const phases = plain.flatMap((trial) => trial.phases);
    const text = errorText(phases);
    return text === null ? [] : [subjects.length === 1 ? text : `${label}: ${text}`];
  });
  return struck.length === 0 ? null : { topic: 'Errors', text: `${struck.join('; ')}.` };
}

/** "240 of 1,200 (20.0 %): 238 × error-status, 2 × reset", or null. */
function errorText(phases: readonly PhaseResult[]): string | null {
  const kinds = new Map<string, number>();
  for (const [kind, count] of phases.flatMap(({ load }) => Object.entries(errorsOf(load)))) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  const errors = totalOf(Object.fromEntries(kinds));
  if (errors === 0) return null;
  const attempts = phases.reduce((sum, { load }) => sum + attemptsOf(load), 0);
  const named = [...kinds].map(([kind, count]) => `${formatCount(count)} × ${kind}`);
  return `${formatCount(errors)} of ${formatCount(attempts)} (${formatPercent(errors / attempts)}): ${named.join(', ')}`;
}
