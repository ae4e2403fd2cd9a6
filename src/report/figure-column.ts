import type { RankedName } from '../compare/compared.js';
import type { Bound, Figure } from '../figures/figure.js';
import {
  readPhase,
  readRequest,
  readTrial,
  type Reading,
  type RequestPart,
} from '../figures/reading.js';
import { figureNamed, type FigureName } from '../figures/table.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { LoadFigures, PhaseResult } from '../results/figures.js';
import type { Column } from './trial-table.js';

/** Before a value that bounds the truth. */
const boundMarks: Readonly<Record<Bound, '' | '≥ ' | '≤ '>> = {
  exact: '',
  'at-least': '≥ ',
  'at-most': '≤ ',
};

export type Look = Partial<Pick<Column, 'title' | 'format' | 'prominent'>>;

/** A figure as a column of a table, under its own title or, where the table gives the unit, another. */
export function figureColumn(name: FigureName, look: Look = {}): Column {
  return columnOf(name, readTrial, unitOf, look);
}

/** The same of single phases. */
export function phaseColumn(name: FigureName, look: Look = {}): Column<PhaseResult> {
  return columnOf(name, readPhase, unitOf, look);
}

/** The same of single requests. */
export function requestColumn(name: FigureName, look: Look = {}): Column<RequestPart> {
  return columnOf(name, readRequest, ({ phase }) => unitOf(phase), look);
}

/** One that targets are ranked by. */
export function rankedColumn(name: RankedName, look: Look = {}): Column {
  return { ...figureColumn(name, look), ranks: name };
}

function unitOf({ load }: { readonly load: LoadFigures }): ExchangeUnit {
  return load.unit;
}

function columnOf<Part>(
  name: FigureName,
  read: (figure: Figure, part: Part) => Reading | null,
  unit: (part: Part) => ExchangeUnit,
  look: Look,
): Column<Part> {
  const figure = figureNamed(name);
  return {
    title: figure.title,
    unit,
    value: (part) => read(figure, part)?.value,
    trust: (part) => read(figure, part)?.trust ?? 'invalid',
    bound: (part) => boundMarks[read(figure, part)?.bound ?? 'exact'],
    format: figure.format,
    ...look,
  };
}
