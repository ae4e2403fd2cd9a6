import { comparedNames, floorFields } from '../compare/compared.js';
import { figureNamed } from '../figures/table.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import type { RunResult } from '../results/schema.js';
import type { Subject } from './subject.js';
import { figureOf, type Column } from './trial-table.js';
import { formatPercent } from '../basis/format.js';

/** What the table shows and how it was decided; `columns` as they are drawn. */
export function legend(
  results: readonly RunResult[],
  subjects: readonly Subject[],
  columns: readonly Column[],
): string[] {
  const counts = subjects.map(({ plain }) => plain.length);
  if (!counts.some((count) => count > 1)) return [];
  const below = [
    ...(counts.some((count) => count > 2)
      ? ['a 95 % interval, by Student’s t over the trials']
      : []),
    ...(counts.includes(2) ? ['the lower and the higher of two'] : []),
  ];
  const notes = [`Shown: the median of the trials; below it ${below.join(', or ')}.`];
  const places = columns.flatMap((column) =>
    subjects.map(({ label, plain }) => figureOf(column, plain, label)?.place ?? ''),
  );
  if (places.every((place) => place === '')) return notes;
  const proof = `proven (5 % error for ${results.length > 1 ? 'all targets' : 'all pairs'} of a column together${results.some(({ noiseFloor }) => noiseFloor !== null) ? ', and above the noise floor' : ''})`;
  const open = places.some((place) => place.includes('~'));
  if (results.length > 1) {
    notes.push(
      `(+5 %): how far [${results.length}] is from [1]${open ? '; (~): no difference is' : ', where it is'} ${proof}.`,
      'They were measured at different times, so what changed on the host is in the difference.',
    );
  } else {
    notes.push(
      `(1): the rank in the column, 1 is best.${open ? ` (2~4): one of these, (~): any; within, no difference is ${proof}.` : ` Each is ${proof}.`}`,
    );
    if (open) notes.push(`More trials prove more: --trials ${2 * Math.max(...counts) + 1}.`);
  }
  return [...notes, ...results.map(({ noiseFloor }) => floorText(noiseFloor))].filter(
    (note, place, all) => all.indexOf(note) === place,
  );
}

function floorText(floor: NoiseFloor | null): string {
  if (floor !== null) return noiseFloorText(floor);
  return 'The noise floor of the host was not known, so a small difference may be its own. To measure it, before comparing: c1m calibrate --only noise.';
}

/** "…: requests/s 1.20 %, p50 3.10 %." */
export function noiseFloorText({ target, pairs, shares }: NoiseFloor): string {
  const known = comparedNames.flatMap((name) => {
    const share = shares[floorFields[name]];
    return share === null ? [] : [`${figureNamed(name).title} ${formatPercent(share)}`];
  });
  return `Noise floor, by ${target} against itself in ${pairs} pairs of processes: ${known.join(', ')}.`;
}
