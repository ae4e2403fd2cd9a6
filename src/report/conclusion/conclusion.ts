import type { RunResult } from '../../results/schema.js';
import { differences } from '../differences.js';
import type { Subject } from '../subject.js';
import { concludeChanges } from './changes.js';
import type { Conclusion } from './finding.js';
import { concludeRanks } from './ranks.js';
import { concludeOne } from './single.js';

export function conclude(results: readonly RunResult[], subjects: readonly Subject[]): Conclusion {
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
