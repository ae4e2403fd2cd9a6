import type { RunResult } from '../../results/schema.js';
import { changesOf, type Change } from '../order.js';
import type { Subject } from '../subject.js';
import { aspectsOf, type Aspect } from './aspects.js';
import type { Conclusion } from './finding.js';
import { figureText, listed } from './words.js';

/** Several results of one scenario on one host: each target against itself, the first to the last. */
export function concludeChanges(
  results: readonly RunResult[],
  subjects: readonly Subject[],
): Conclusion {
  const found = aspectsOf(subjects).flatMap((aspect) => {
    const compared = changesOf(aspect.figure, results, subjects);
    if (compared === null) return [];
    const { changes, unranked } = compared;
    const changed = unranked === null && changes.some(({ proven }) => proven !== null);
    return [{ aspect, changed, text: unranked ?? sentences(aspect, changes, results.length) }];
  });
  const changed = found.filter((each) => each.changed).map(({ aspect }) => aspect.topic);
  return {
    headline:
      changed.length === 0
        ? `${results.length} results, between which no certain difference was seen`
        : `${results.length} results, which differ in ${listed(changed.map((topic) => topic.toLowerCase()))}`,
    findings: found.map(({ aspect, text }) => ({ topic: aspect.topic, text })),
  };
}

function sentences({ format }: Aspect, changes: readonly Change[], results: number): string {
  const differing = changes
    .filter(({ proven }) => proven !== null)
    .map(
      ({ name, before, after, proven }) =>
        `${name} is ${proven} in [${results}]: from ${figureText(before, format)} to ${figureText(after, format)}.`,
    );
  const single = changes.filter(({ ratio, proven }) => proven === null && ratio === null);
  const same = changes.filter(({ ratio, proven }) => proven === null && ratio !== null);
  const rest = [
    same.length === 0 ? '' : `Cannot be told apart: ${listed(same.map(({ name }) => name))}.`,
    single.length === 0
      ? ''
      : `Of ${listed(single.map(({ name }) => name))} a single trial cannot tell.`,
  ];
  return [...differing, ...rest].join(' ').trim();
}
