import type { RunResult } from '../../results/schema.js';
import { differences } from '../compare-report.js';
import type { Subject } from '../subject.js';
import { aspectsOf, type Aspect } from './aspects.js';
import { changes } from './changes.js';
import { concludeOne } from './single.js';
import { rank, type Ranking } from './ranking.js';
import { figureText, listed } from './words.js';

/** What a result says, in words; every sentence follows from its figures. */
export interface Conclusion {
  readonly headline: string;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly topic: string;
  readonly text: string;
}

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
  if (results.length > 1) return changes(results, measured);
  return ranked(measured);
}

function ranked(subjects: readonly Subject[]): Conclusion {
  const found = aspectsOf(subjects).flatMap((aspect) => {
    const ranking = rank(subjects, aspect.better, aspect.figure, aspect.trialsOf);
    return ranking === null ? [] : [{ aspect, ranking }];
  });
  const telling = found.filter(({ aspect }) => aspect.unranked === undefined).slice(0, 2);
  return {
    headline: headline(telling) || `${subjects.length} targets, none of which can be ranked`,
    findings: found.map(({ aspect, ranking }) => ({
      topic: aspect.topic,
      text: aspect.unranked ?? sentences(aspect, ranking),
    })),
  };
}

interface Found {
  readonly aspect: Aspect;
  readonly ranking: Ranking;
}

/** The first two aspects, in one sentence. */
function headline(found: readonly Found[]): string {
  const decided = found.filter(({ ranking }) => ranking.last.length > 0);
  if (decided.length === 0) {
    return found[0] === undefined ? '' : `No target is certainly ahead of the others`;
  }
  const [first, second] = decided.map(({ aspect, ranking }) => ({
    who: listed(ranking.leaders.map(({ label }) => label)),
    what: `${aspect.best}${ranking.spreadKnown ? '' : ', in a single trial,'}`,
  }));
  const sentence =
    second === undefined
      ? `${first!.who} ${first!.what}`
      : first!.who === second.who
        ? `${first!.who} ${first!.what} and ${second.what}`
        : `${first!.who} ${first!.what}; ${second.who} ${second.what}`;
  return sentence.replace(/,(;|$)/g, '$1');
}

function sentences({ best, worst, format, under }: Aspect, ranking: Ranking): string {
  const { leaders, last, spreadKnown } = ranking;
  const figures = listed(leaders.map((each) => `${each.label} ${figureText(each, format)}`));
  const [leader] = leaders;
  const opening =
    leaders.length === 1
      ? `${leader!.label} ${best}: ${figureText(leader!, format)}`
      : last.length === 0
        ? `They cannot be told apart, since the trials of all overlap with those of ${leader!.label}: ${figures}`
        : `${listed(leaders.map(({ label }) => label))} ${best} and cannot be told apart: ${figures}`;
  const ending =
    last.length === 0
      ? ''
      : ` ${worst}${last.length > 1 ? ', and not to be told apart' : ''}: ${listed(last.map((each) => `${each.label} ${figureText(each, format)}`))}.`;
  const caution = spreadKnown
    ? ''
    : ' That is from a single trial each, so how far it varies is not known.';
  return `${opening}, ${under}.${ending}${caution}`;
}
