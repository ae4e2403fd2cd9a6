import { figures } from '../figures/table.js';
import type { ClaimFigure } from '../results/claims.js';

/** Of the files of a build, and of programs: what the table of loads has no figure for. */
const own: readonly ClaimFigure[] = [
  { name: 'nsPerOperation', title: 'time per operation', unit: 'ns', resolution: 0, exact: false },
  {
    ...{ name: 'contextSwitchesPerOperation', title: 'context switches per operation' },
    ...{ unit: 'number', resolution: 0, exact: false },
  },
  { name: 'scrapes', title: 'scrapes', unit: 'count', resolution: 0, exact: false },
  {
    ...{ name: 'systemCallsPerRequest', title: 'system calls per request' },
    ...{ unit: 'number', resolution: 0, exact: false },
  },
  { name: 'image', title: 'image size', unit: 'bytes', resolution: 0, exact: true },
  { name: 'certificates', title: 'certificates', unit: 'bytes', resolution: 0, exact: true },
];

/** A figure that c1m measures itself, by its name; null where only a program can have it. */
export function ownFigure(name: string): ClaimFigure | null {
  const found = own.find((figure) => figure.name === name);
  if (found !== undefined) return found;
  const figure = figures.get(name);
  if (figure === undefined) return null;
  const { label, unit, resolution } = figure;
  return { name, title: label, unit, resolution, exact: name === 'artifact' };
}

export const ownFigureNames: readonly string[] = [
  ...own.map(({ name }) => name),
  ...figures.keys(),
];
