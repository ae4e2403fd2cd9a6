import { reciprocal } from '../../stats/welch.js';
import type { Ranking, Standing } from '../../compare/ranking.js';
import { orderOf } from '../order.js';
import type { Subject } from '../subject.js';
import { aspectsOf, type Aspect } from './aspects.js';
import type { Conclusion } from './finding.js';
import { frontOf, leadersOf, standText } from './front.js';
import { rankHeadline } from './headline.js';
import { areBehind, few, figureText, listed, timesText } from './words.js';

/** The targets of one result: who is ahead in what, as far as that is proven. */
export function concludeRanks(subjects: readonly Subject[]): Conclusion {
  const found = aspectsOf(subjects).flatMap((aspect) => {
    const order = orderOf(aspect.figure, subjects);
    return order === null ? [] : [{ aspect, order }];
  });
  const ranked = found.flatMap(({ aspect, order: { ranking } }) =>
    ranking === null ? [] : [{ aspect, ranking }],
  );
  return {
    headline: rankHeadline(ranked, subjects.length),
    findings: found.map(({ aspect, order }) => ({
      topic: aspect.topic,
      text: order.ranking === null ? order.unranked : sentences(aspect, order.ranking),
    })),
  };
}

/** What is proven, then what is not. */
function sentences(aspect: Aspect, ranking: Ranking): string {
  const { standings, differences, repeated } = ranking;
  const { format, under } = aspect;
  const text = (each: Standing): string => `${each.label} ${figureText(each, format)}`;
  if (!repeated) {
    const [most, least] = [standings[0]!, standings.at(-1)!];
    return `Seen in a single trial each, which proves no difference: from ${text(most)} to ${text(least)}, ${under}.`;
  }
  const figures = (some: readonly Standing[]): string =>
    some.length > few ? listed(some.map(({ label }) => label)) : listed(some.map(text));
  if (differences.length === 0) return `Cannot be told apart: ${figures(standings)}, ${under}.`;
  const leaders = leadersOf(ranking);
  const last = standings.filter(({ rank }) => rank.worst === standings.length && rank.best > 1);
  const said = [
    leaders.length === 1
      ? `${leaders[0]!.label} ${aspect.best}: ${figureText(leaders[0]!, format)}, ${under}.`
      : frontText(aspect, ranking),
    last.length === 0
      ? ''
      : `${aspect.worst}: ${figures(last)}${last.length > 1 ? ', which cannot be told apart' : ''}.`,
    leaders.length === 1 && last.length === 1 ? ratioText(aspect, ranking, last[0]!) : '',
    leaders.length === 1 ? '' : `Which of these is first is not proven: ${figures(leaders)}.`,
  ];
  return said.filter((sentence) => sentence !== '').join(' ');
}

/** "a is among the first three, under …; d, e and f are behind it." */
function frontText({ under }: Aspect, ranking: Ranking): string {
  const front = frontOf(ranking)!;
  const { targets, behind } = front;
  const stand = `${standText(front)}, ${under}`;
  if (!front.isForward || behind.length === 0) return `${stand}.`;
  return `${stand}; ${areBehind(behind)} ${targets.length > 1 ? 'them' : 'it'}.`;
}

/** How far apart the first and the last are, where just these two are proven to differ. */
function ratioText({ times }: Aspect, ranking: Ranking, last: Standing): string {
  const [first] = leadersOf(ranking);
  const found = ranking.differences.find(
    ({ better, worse }) => better.label === first?.label && worse.label === last.label,
  );
  if (found === undefined) return '';
  const { better, worse, ratio } = found;
  return ratio.ratio > 1
    ? `${times(better.label, timesText(ratio), worse.label)}.`
    : `${times(worse.label, timesText(reciprocal(ratio)), better.label)}.`;
}
