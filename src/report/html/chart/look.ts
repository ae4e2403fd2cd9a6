import type { Subject } from '../../subject.js';
import { markup, type Markup } from '../markup.js';
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from './d3.js';

/** How one series looks everywhere in the page. No two differ by colour alone. */
export interface Look {
  /** Places in the palette of the style sheet, and in its dashes. */
  readonly color: number;
  readonly dash: number;
  readonly mark: number;
}

const colors = 8;
const dashes = 4;
const marks = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
];

/**
 * One look per subject. Where several servers of several runtimes are compared, the colour is the runtime's, and its
 * servers differ by dash and mark; otherwise each has a colour of its own.
 */
export function looksOf(subjects: readonly Subject[]): Map<string, Look> {
  const runtimes = [...new Set(subjects.map(({ target }) => target.runtime))];
  const most = Math.max(
    ...runtimes.map((name) => subjects.filter(({ target }) => target.runtime === name).length),
  );
  const byRuntime = most > 1 && most <= dashes && runtimes.length > 1 && runtimes.length <= colors;
  const seen = new Map<string, number>();
  return new Map(
    subjects.map(({ label, target }, index) => {
      const among = seen.get(target.runtime) ?? 0;
      seen.set(target.runtime, among + 1);
      const color = byRuntime ? runtimes.indexOf(target.runtime) : index;
      const dash = byRuntime ? among : Math.floor(index / colors) + index;
      return [
        label,
        { color: color % colors, dash: dash % dashes, mark: index % marks.length },
      ] as const;
    }),
  );
}

/** Classes of the style sheet. */
export function lookClass({ color, dash }: Look): string {
  return `c${color} d${dash}`;
}

export function drawMark({ mark }: Look, x: number, y: number): Markup {
  const path = symbol(marks[mark], 34)() ?? '';
  return markup`<path class="mark" transform="translate(${round(x)} ${round(y)})" d="${shorten(path)}"/>`;
}

export function legend(labels: readonly string[], looks: ReadonlyMap<string, Look>): Markup {
  const items = labels.map(
    (label) => markup`<li>${legendMark(looks.get(label))}<span class="name">${label}</span></li>`,
  );
  return markup`<ul class="legend" role="list">${items}</ul>`;
}

/** How a series is drawn, beside its name. */
export function legendMark(look: Look | undefined): Markup | null {
  if (look === undefined) return null;
  return markup`<svg class="key ${lookClass(look)}" width="30" height="12" aria-hidden="true"><path class="line" d="M1 6H29"/>${drawMark(look, 15, 6)}</svg>`;
}

/** Pixels to a tenth: more digits are only bytes. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** A path with the same rounding. */
export function shorten(path: string): string {
  return path.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => `${round(Number(number))}`);
}
