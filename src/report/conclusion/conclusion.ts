import type { RunResult } from '../../results/schema.js';
import { differences } from '../differences.js';
import type { Subject } from '../subject.js';
import { concludeChanges } from './changes.js';
import { errorFinding } from './error-finding.js';
import type { Conclusion } from './finding.js';
import { concludeRanks } from './ranks.js';
import { concludeOne } from './single.js';

/** What went wrong comes first: figures of errors are no figures of the server's work. */
export function conclude(results: readonly RunResult[], subjects: readonly Subject[]): Conclusion {
  const errors = errorFinding(subjects);
  const { headline, findings } = concludeFigures(results, subjects);
  return { headline, findings: errors === null ? findings : [errors, ...findings] };
}

function concludeFigures(results: readonly RunResult[], subjects: readonly Subject[]): Conclusion {
  const measured = subjects.filter(({ target }) => target.trials.length > 0);
  const [only] = measured;
  if (only === undefined) return { headline: 'Nothing was measured', findings: [] };
  if (measured.length === 1) return concludeOne(only);
  const differ = differences(results).map((note) => note.replace(/^! /, ''));
  if (differ.length > 0) {
    return {
      headline: `${results.length} results that were not measured alike`,
      findings: [{ topic: 'Comparability', text: `${differ.join(' ')} Nothing is ranked.` }],
    };
  }
  if (results.length > 1) return concludeChanges(results, measured);
  return concludeRanks(measured);
}
