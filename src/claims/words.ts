import { formatRange } from '../basis/format.js';
import { unitFormats } from '../figures/unit-formats.js';
import type { ClaimFigure, Finding } from '../results/claims.js';
import type { Bound } from './bound.js';

/** "the generic topic takes less time than the interface bus (0.36 ×, 0.34–0.39 ×, needed below 1.00 ×)" */
export function clause(finding: Finding, figures: readonly ClaimFigure[]): string {
  const { says, measured, why } = finding;
  const shown = measured === null ? [] : [measuredText(finding, figures)];
  const notes = [...shown, ...(why === null ? [] : [why])];
  return `${says} (${notes.join(', ')})`;
}

function measuredText(finding: Finding, figures: readonly ClaimFigure[]): string {
  const { measured, bound, over, figure } = finding;
  if (measured === null) return '';
  const format = (value: number): string =>
    over === null
      ? unitFormats[figures.find(({ name }) => name === figure)!.unit](value)
      : `${value < 0.1 ? value.toPrecision(2) : value.toFixed(2)} ×`;
  const { value, low, high } = measured;
  const range = low === high ? '' : `, ${formatRange(format(low), format(high))}`;
  return `${format(value)}${range}, ${boundText(bound, format)}`;
}

function boundText({ kind, amount }: Bound, format: (value: number) => string): string {
  return `needed ${boundWords[kind]} ${format(amount)}`;
}

const boundWords: Readonly<Record<Bound['kind'], string>> = {
  below: 'below',
  atMost: 'at most',
  above: 'above',
  atLeast: 'at least',
};
