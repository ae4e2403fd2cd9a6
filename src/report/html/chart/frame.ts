import { markup, type Markup, type Piece } from '../markup.js';
import { round } from './look.js';

/** Each chart is drawn twice, so that its text is legible on a phone as well. */
export const widths = { wide: 760, narrow: 340 } as const;

/** Of the style sheet's chart text. */
const characterWidth = 6.6;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** The inner area of a chart, in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A stretch of the horizontal axis with a name, such as a phase. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

export function drawSvg(width: number, height: number, label: string, content: Piece): Markup {
  const kind = width === widths.wide ? 'wide' : 'narrow';
  return markup`<svg class="${kind}" viewBox="0 0 ${width} ${round(height)}" role="img" aria-label="${label}">${content}</svg>`;
}

export function drawHorizontalGrid(area: Area, ticks: readonly Tick[]): Markup[] {
  return ticks.map(
    ({ at, label }) =>
      markup`<path class="grid" d="M${area.left} ${round(at)}H${area.right}"/><text x="${area.left - 8}" y="${round(at + 4)}" text-anchor="end">${label}</text>`,
  );
}

export function drawVerticalGrid(area: Area, ticks: readonly Tick[]): Markup[] {
  return ticks.map(
    ({ at, label }) =>
      markup`<path class="grid" d="M${round(at)} ${area.top}V${area.bottom}"/><text x="${round(at)}" y="${area.bottom + 18}" text-anchor="${area.left < 12 && at <= area.left ? 'start' : 'middle'}">${label}</text>`,
  );
}

/** The name of a vertical axis lies above it, that of a horizontal one below it: nothing is turned. */
export function drawAxisNames(area: Area, vertical: string, horizontal: string): Markup {
  return markup`<text class="axis" x="0" y="13">${vertical}</text><text class="axis" x="${area.right}" y="${area.bottom + 38}" text-anchor="end">${horizontal}</text>`;
}

export function drawBands(area: Area, bands: readonly Band[]): Markup[] {
  return bands.map(({ from, to, label }, index) => {
    const fits = label.length * characterWidth <= to - from;
    const name = fits
      ? markup`<text class="band-name" x="${round((from + to) / 2)}" y="${area.top - 8}" text-anchor="middle">${label}</text>`
      : null;
    return markup`<rect class="band b${index % 2}" x="${round(from)}" y="${area.top}" width="${round(to - from)}" height="${area.bottom - area.top}"><title>${label}</title></rect>${name}`;
  });
}

/** Moments of the horizontal axis: a line across the chart, with its name above. */
export function drawEvents(area: Area, events: readonly Tick[]): Markup[] {
  return events.map(
    ({ at, label }) =>
      markup`<path class="event" d="M${round(at)} ${area.top - 4}V${area.bottom}"/><text class="event-name" x="${round(at)}" y="${area.top - 9}" text-anchor="middle">${label}</text>`,
  );
}

/** How wide the longest of these texts is. */
export function textWidth(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => label.length)) * characterWidth;
}

/** A round number needs no digits: "1 ms" for "1.00 ms". */
export function tickLabel(figure: string): string {
  return figure.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}
