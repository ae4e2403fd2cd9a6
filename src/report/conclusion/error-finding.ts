import { attemptsOf, errorsOf } from '../../figures/errors.js';
import { addNamed, totalOf } from '../../results/counts.js';
import type { PhaseResult } from '../../results/figures.js';
import { formatCount, formatPercent } from '../../basis/format.js';
import type { Subject } from '../subject.js';
import type { Finding } from './finding.js';
import { listed } from './words.js';

/** Which targets did not give the answers that were asked for, in all their trials; null if all did. */
export function errorFinding(subjects: readonly Subject[]): Finding | null {
  const struck = subjects.flatMap(({ label, plain }) => {
    const phases = plain.flatMap((trial) => trial.phases);
    const text = errorText(phases);
    return text === null ? [] : [subjects.length === 1 ? text : `${label}: ${text}`];
  });
  return struck.length === 0 ? null : { topic: 'Errors', text: `${struck.join('; ')}.` };
}

/**
 * "240 of 1,200 (20.0 %): 238 × error-status, 2 × reset", and of which of several requests; null where
 * there are none.
 */
function errorText(phases: readonly PhaseResult[]): string | null {
  const kinds = addNamed(phases.map(({ load }) => errorsOf(load)));
  const errors = totalOf(kinds);
  if (errors === 0) return null;
  const attempts = phases.reduce((sum, { load }) => sum + attemptsOf(load), 0);
  const named = Object.entries(kinds).map(([kind, count]) => `${formatCount(count)} × ${kind}`);
  return `${formatCount(errors)} of ${formatCount(attempts)} (${formatPercent(errors / attempts)}): ${named.join(', ')}${byRequest(phases)}`;
}

/** ", of these 230 of GET /a and 10 of GET /b"; the rest was never sent. */
function byRequest(phases: readonly PhaseResult[]): string {
  const all = phases.flatMap(({ requests }) =>
    requests.map((request) => ({ [request.name]: totalOf(errorsOf(request)) })),
  );
  const struck = Object.entries(addNamed(all)).filter(([, count]) => count > 0);
  const named = struck.map(([name, count]) => `${formatCount(count)} of ${name}`);
  return named.length === 0 ? '' : `, of these ${listed(named)}`;
}
