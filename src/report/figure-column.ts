import type { ComparedName } from '../compare/compared.js';
import type { Bound } from '../figures/figure.js';
import { readTrial } from '../figures/reading.js';
import { figureNamed, type FigureName } from '../figures/table.js';
import type { Column } from './trial-table.js';

/** Before a value that bounds the truth. */
export const boundMarks: Readonly<Record<Bound, '' | '≥ ' | '≤ '>> = {
  exact: '',
  'at-least': '≥ ',
  'at-most': '≤ ',
};

/** A figure as a column of a table, under its own title or, where the table gives the unit, another. */
export function figureColumn(
  name: FigureName,
  more: Partial<Pick<Column, 'title' | 'format' | 'prominent'>> = {},
): Column {
  const figure = figureNamed(name);
  return {
    title: figure.title,
    value: (trial) => readTrial(figure, trial)?.value,
    trust: (trial) => readTrial(figure, trial)?.trust ?? 'invalid',
    bound: (trial) => boundMarks[readTrial(figure, trial)?.bound ?? 'exact'],
    format: figure.format,
    ...more,
  };
}

/** One that targets are ranked by. */
export function rankedColumn(
  name: ComparedName,
  more: Parameters<typeof figureColumn>[1] = {},
): Column {
  return { ...figureColumn(name, more), ranks: name };
}
