import type { Ranking, Standing } from '../../compare/ranking.js';
import { areBehind, few, listed, numberWord } from './words.js';

/** Those that nobody is proven to be better than: one of them is the first. */
export function leadersOf({ standings }: Ranking): Standing[] {
  return standings.filter(({ rank }) => rank.best === 1);
}

/** Who is proven to stand foremost, which need not be who is first. */
interface Front {
  /** At least one. */
  readonly targets: readonly Standing[];
  /** Each of them is among so many of the first. */
  readonly among: number;
  /** Proven to be behind each of them; at least one where there is one of them. */
  readonly behind: readonly Standing[];
  /** They are few, and in the first half; else it says more who is behind. */
  readonly isForward: boolean;
}

/** null where nothing is proven. */
export function frontOf({ standings, differences }: Ranking): Front | null {
  if (differences.length === 0) return null;
  const among = Math.min(...standings.map(({ rank }) => rank.worst));
  const targets = standings.filter(({ rank }) => rank.worst === among);
  const behind = standings.filter(({ label }) =>
    targets.every((target) =>
      differences.some(
        ({ better, worse }) => better.label === target.label && worse.label === label,
      ),
    ),
  );
  const isForward = behind.length === 0 || (targets.length <= few && 2 * among <= standings.length);
  return { targets, among, behind, isForward };
}

/** "a is among the first three" with `of` after it, or "e is behind a". */
export function standText({ targets, among, behind, isForward }: Front, of = ''): string {
  const who = listed(targets.map(({ label }) => label));
  if (isForward) {
    return `${who} ${targets.length > 1 ? 'are' : 'is'} among the first ${numberWord(among)}${of}`;
  }
  return `${areBehind(behind)} ${targets.length > few ? `${numberWord(targets.length)} others` : who}`;
}
