import type { Ranking, Standing } from '../../compare/ranking.js';
import { meanRatio } from '../../stats/welch.js';
import { orderOf } from '../order.js';
import type { Subject } from '../subject.js';
import { aspectsOf, type Aspect } from './aspects.js';
import type { Conclusion } from './finding.js';
import { figureText, listed, timesText } from './words.js';

/** So many are still told in a headline; more have their figures only in the table. */
const few = 3;

/** The targets of one result: who is ahead in what, as far as that is proven. */
export function concludeRanks(subjects: readonly Subject[]): Conclusion {
  const found = aspectsOf(subjects).flatMap((aspect) => {
    const order = orderOf(aspect.figure, subjects);
    return order === null ? [] : [{ aspect, order }];
  });
  const rankings = found.flatMap(({ aspect, order: { ranking } }) =>
    ranking === null ? [] : [{ aspect, ranking }],
  );
  return {
    headline: headline(rankings, subjects.length),
    findings: found.map(({ aspect, order }) => ({
      topic: aspect.topic,
      text: order.ranking === null ? order.unranked : sentences(aspect, order.ranking),
    })),
  };
}

interface Found {
  readonly aspect: Aspect;
  readonly ranking: Ranking;
}

/** The first two aspects in which someone is proven to be ahead, in one sentence. */
function headline(found: readonly Found[], targets: number): string {
  if (found.length === 0) return `${targets} targets, none of which can be ranked`;
  const decided = found
    .filter(({ ranking }) => isDecided(ranking) && leadersOf(ranking).length <= few)
    .slice(0, 2);
  const [first, second] = decided.map(({ aspect, ranking }) => ({
    // Which of them is not proven.
    who: listed(
      leadersOf(ranking).map(({ label }) => label),
      'or',
    ),
    what: aspect.best,
  }));
  if (first === undefined) {
    return found.some(({ ranking }) => ranking.repeated)
      ? 'No target is certainly ahead of the others'
      : `${targets} targets in a single trial each, which proves no difference`;
  }
  if (second === undefined) return `${first.who} ${first.what}`;
  return first.who === second.who
    ? `${first.who} ${first.what} and ${second.what}`
    : `${first.who} ${first.what}; ${second.who} ${second.what}`;
}

/** Those that nobody is proven to be better than. */
function leadersOf({ standings }: Ranking): Standing[] {
  return standings.filter(({ rank }) => rank.best === 1);
}

function isDecided(ranking: Ranking): boolean {
  return leadersOf(ranking).length < ranking.standings.length;
}

function sentences(aspect: Aspect, ranking: Ranking): string {
  const { standings, repeated } = ranking;
  const { best, worst, format, under } = aspect;
  const text = (each: Standing): string => `${each.label} ${figureText(each, format)}`;
  if (!repeated) {
    const [most, least] = [standings[0]!, standings.at(-1)!];
    return `Seen in a single trial each, which proves no difference: from ${text(most)} to ${text(least)}, ${under}.`;
  }
  const figures = (some: readonly Standing[]): string =>
    some.length > few ? listed(some.map(({ label }) => label)) : listed(some.map(text));
  if (!isDecided(ranking)) return `Cannot be told apart: ${figures(standings)}, ${under}.`;
  const leaders = leadersOf(ranking);
  const opening =
    leaders.length === 1
      ? `${leaders[0]!.label} ${best}: ${figureText(leaders[0]!, format)}, ${under}.`
      : `No one is certainly ahead of ${figures(leaders)}, ${under}.`;
  const others = standings.length;
  const last = standings.filter(({ rank }) => rank.worst === others && rank.best > 1);
  const ending =
    last.length === 0
      ? ''
      : ` ${worst}: ${figures(last)}${last.length > 1 ? ', which cannot be told apart' : ''}.`;
  return `${opening}${ending}${ratios(aspect, leaders, last)}`;
}

/** How far apart the first and the last are, where each is one. */
function ratios(
  { times }: Aspect,
  leaders: readonly Standing[],
  last: readonly Standing[],
): string {
  const [first, end] = [leaders[0], last[0]];
  if (first === undefined || end === undefined || leaders.length + last.length > 2) return '';
  const [more, less] = first.median > end.median ? [first, end] : [end, first];
  const found = meanRatio(more.values, less.values);
  return found === null ? '' : ` ${times(more.label, timesText(found), less.label)}.`;
}
