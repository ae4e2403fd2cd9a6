import type { RunResult } from '../../results/schema.js';
import type { Subject } from '../subject.js';
import { aspectsOf, type Aspect } from './aspects.js';
import type { Conclusion, Finding } from './conclusion.js';
import { overlap, standingOf, type Standing } from './ranking.js';
import { figureText, listed } from './words.js';

/** Several results of one scenario on one host: each target against itself, the first to the last. */
export function changes(results: readonly RunResult[], subjects: readonly Subject[]): Conclusion {
  const [first, last] = [results[0]!, results.at(-1)!];
  const findings = aspectsOf(subjects).flatMap((aspect) => {
    const pairs = subjects
      .filter(({ result }) => result === first)
      .flatMap((before) => {
        const after = subjects.find(
          ({ result, target }) => result === last && target.name === before.target.name,
        );
        return after === undefined ? [] : (pairOf(aspect, before, after) ?? []);
      });
    return pairs.length === 0 ? [] : [finding(aspect, pairs, results.length)];
  });
  const changed = findings.filter(({ changed }) => changed > 0).map(({ topic }) => topic);
  return {
    headline:
      changed.length === 0
        ? `${results.length} results, between which no certain difference was seen`
        : `${results.length} results, which differ in ${listed(changed.map((topic) => topic.toLowerCase()))}`,
    findings: findings.map(({ topic, text }) => ({ topic, text })),
  };
}

interface Pair {
  readonly name: string;
  readonly before: Standing;
  readonly after: Standing;
}

function pairOf(aspect: Aspect, before: Subject, after: Subject): Pair | null {
  const { figure, trialsOf = ({ plain }: Subject) => plain } = aspect;
  const from = standingOf(before.label, trialsOf(before), figure);
  const to = standingOf(after.label, trialsOf(after), figure);
  if (from === null || to === null || !from.spreadKnown || !to.spreadKnown) return null;
  return { name: before.target.name, before: from, after: to };
}

function finding(
  { topic, better, format, unranked }: Aspect,
  pairs: readonly Pair[],
  results: number,
): Finding & { changed: number } {
  if (unranked !== undefined) return { topic, text: unranked, changed: 0 };
  const same = pairs.filter(({ before, after }) => overlap(before, after));
  const differing = pairs.filter((pair) => !same.includes(pair));
  const sentences = differing.map(({ name, before, after }) => {
    const higher = after.median > before.median;
    const judged = higher === (better === 'higher') ? 'better' : 'worse';
    return `${name} is ${judged} in [${results}]: from ${figureText(before, format)} to ${figureText(after, format)}.`;
  });
  const names = listed(same.map(({ name }) => name));
  const rest = same.length === 0 ? '' : `Cannot be told apart: ${names}.`;
  return { topic, text: [...sentences, rest].join(' ').trim(), changed: differing.length };
}
