import { changePointTest } from '../../stats/change-points.js';
import type { Change, History, TargetHistory } from './history.js';
import type { HistoryMetric } from './metrics.js';

/** What the terminal and the page say alike. */

export function methodLines(history: History): string[] {
  const { level, permutations, shortest, fewestValues } = changePointTest;
  if (looksForNone(history)) {
    return [`Change points are looked for from ${fewestValues} valid results of a target on.`];
  }
  return [
    `Change points: E-divisive, the energy statistic with a permutation test at ${level * 100} % (Matteson and James, JASA 109, 2014; ${permutations} permutations, at least ${shortest} results on either side). In a history without a change, at most one in a hundred shows one; results that drift or depend on those before them show more. See docs/measuring.md.`,
  ];
}

function looksForNone({ targets }: History): boolean {
  return targets.every(({ changes }) => changes === null);
}

/** "+1.2 %", and what that means for the metric. */
function changeText(share: number | null): string {
  if (share === null) return 'from 0';
  const percent = (share * 100).toFixed(1);
  return `${share > 0 ? '+' : ''}${percent === '-0.0' ? '0.0' : percent} %`;
}

export function isWorse({ better }: HistoryMetric, { before, after }: Change): boolean {
  return better === 'higher' ? after < before : after > before;
}

/** Of a date in a document: to the minute, in UTC. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

/** From the first result to the last. */
export function stretchOf({ results }: History): string {
  const [from, to] = [results[0]!, results.at(-1)!].map(({ startedAt }) => minuteOf(startedAt));
  return from === to ? `${from!} UTC` : `${from!} to ${to!} UTC`;
}

export function changeSentence(metric: HistoryMetric, change: Change): string {
  const { before, after, share, point, p } = change;
  // Where the level stays, it is the spread that changed.
  const judged = before === after ? '' : isWorse(metric, change) ? ', worse' : ', better';
  return `from ${minuteOf(point.result.startedAt)} on ${metric.format(after)} instead of ${metric.format(before)}: ${changeText(share)}${judged} (p = ${p.toFixed(3)}; ${point.result.id})`;
}

export function lastSentence({ format }: HistoryMetric, { summary }: TargetHistory): string {
  if (summary === null) return 'No result has a valid figure.';
  const { last, lastChange, count } = summary;
  if (count === 1) return `${format(last)}, the only one so far.`;
  return `Last ${format(last)}, ${changeText(lastChange)} against the median of the ${count - 1} before.`;
}

/** Where there is no change point to tell of; empty otherwise. */
export function noChangeSentence(history: History, { changes, summary }: TargetHistory): string {
  if (summary === null || looksForNone(history)) return '';
  if (changes === null) return 'Too few valid results to look for change points.';
  return changes.length === 0 ? 'No change point.' : '';
}

export function notValidSentence({ points }: TargetHistory): string {
  const invalid = points.filter(({ state }) => state === 'invalid');
  const absent = points.filter(({ state }) => state === 'absent');
  return [
    invalid.length === 0
      ? ''
      : `× ${invalid.length} of ${points.length} not valid, left out: ${invalid.at(-1)!.note}.`,
    absent.length === 0
      ? ''
      : `· ${absent.length} of ${points.length} without the figure: ${absent.at(-1)!.note}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** What makes results of one scenario and one host harder to compare all the same. */
export function historyNotes({ results, leftOut }: History): string[] {
  const versions = [...new Set(results.map(({ tool }) => tool.version))];
  const engines = [...new Set(results.map(({ engine }) => engine.name))];
  return [
    ...leftOut.map(({ count, reason }) => `Left out: ${count} ${plural(count)} ${reason}.`),
    ...(versions.length > 1
      ? [`Measured by c1m ${versions.join(', ')}; a change may be c1m's own.`]
      : []),
    ...(engines.length > 1
      ? [`Measured with the engines ${engines.join(', ')}; a change may be theirs.`]
      : []),
  ];
}

export function plural(results: number): string {
  return results === 1 ? 'result' : 'results';
}
