import type { Ranking } from '../../compare/ranking.js';
import type { Aspect } from './aspects.js';
import { frontOf, leadersOf, standText } from './front.js';
import { few, listed, numberWord } from './words.js';

interface RankedAspect {
  readonly aspect: Aspect;
  readonly ranking: Ranking;
}

/** What is proven in the first two aspects in which anything is, the plainest first; in one sentence. */
export function rankHeadline(found: readonly RankedAspect[], targets: number): string {
  if (found.length === 0) return `${targets} targets, none of which can be ranked`;
  const leads = found.flatMap((each) => lead(each) ?? []).slice(0, 2);
  const [first, second] = leads;
  if (first !== undefined) {
    if (second === undefined) return `${first.who} ${first.what}`;
    return first.who === second.who
      ? `${first.who} ${first.what} and ${second.what}`
      : `${first.who} ${first.what}; ${second.who} ${second.what}`;
  }
  const fronts = found.flatMap((each) => front(each) ?? []).slice(0, 2);
  if (fronts.length > 0) return fronts.join('; ');
  if (!found.some(({ ranking }) => ranking.repeated)) {
    return `${targets} targets in a single trial each, which proves no difference`;
  }
  const topics = found.map(({ aspect }) => aspect.topic.toLowerCase());
  return `No difference between the targets is proven in ${listed(topics, 'or')}`;
}

/** Who is first, or which few of them is; null where that is not proven. */
function lead({ aspect, ranking }: RankedAspect): { who: string; what: string } | null {
  const leaders = leadersOf(ranking);
  if (leaders.length > few || leaders.length === ranking.standings.length) return null;
  const labels = leaders.map(({ label }) => label);
  return { who: listed(labels, 'or'), what: aspect.best };
}

/** null where nothing is proven. */
function front({ aspect, ranking }: RankedAspect): string | null {
  const found = frontOf(ranking);
  const all = numberWord(ranking.standings.length);
  return found === null
    ? null
    : `${standText(found, ` of ${all}`)} in ${aspect.topic.toLowerCase()}`;
}
