import { markup, type Markup } from '../markup.js';
import { scaleBand, scaleLinear } from './d3.js';
import { drawSvg, drawVerticalGrid, textWidth, tickLabel, widths, type Area } from './frame.js';
import { lookClass, round, type Look } from './look.js';

export interface Bar {
  readonly label: string;
  readonly look: Look;
  /** What the bar is made of, from the left; the sum is what is written beside it. */
  readonly parts: readonly number[];
  /** The lowest and the highest of the trials. */
  readonly spread: { readonly low: number; readonly high: number } | null;
  /** What is written beside it. */
  readonly text: string;
}

interface BarChart {
  readonly description: string;
  readonly format: (value: number) => string;
  readonly bars: readonly Bar[];
  /** Two charts beside each other are drawn narrow on wide screens, too. */
  readonly half?: boolean;
}

/** Horizontal bars from zero, each with its figure beside it. */
export function barChart(chart: BarChart): Markup {
  if (chart.half === true) {
    return markup`<div class="half">${draw(chart, widths.narrow)}</div>`;
  }
  return markup`${draw(chart, widths.wide)}${draw(chart, widths.narrow)}`;
}

function draw({ description, format, bars }: BarChart, width: number): Markup {
  const narrow = width === widths.narrow;
  // On a narrow screen the name stands above its bar.
  const step = narrow ? 40 : 30;
  const area: Area = {
    left: narrow ? 2 : Math.min(260, Math.ceil(textWidth(bars.map(({ label }) => label)) + 14)),
    right: width - Math.ceil(textWidth(bars.map(({ text }) => text)) + 14),
    top: 4,
    bottom: 4 + step * bars.length,
  };
  const most = Math.max(
    ...bars.map(({ parts, spread }) => Math.max(sum(parts), spread?.high ?? 0)),
  );
  const x = scaleLinear([0, most > 0 ? most : 1], [area.left, area.right]).nice(4);
  const rows = scaleBand(
    bars.map((_, index) => index),
    [area.top, area.bottom],
  );
  const ticks = x
    .ticks(narrow ? 3 : 5)
    .map((value) => ({ at: x(value), label: tickLabel(format(value)) }));
  return drawSvg(width, area.bottom + 26, description, [
    drawVerticalGrid(area, ticks),
    bars.map((bar, index) => drawBar(bar, rows(index)! + (narrow ? 18 : 6), x, area, narrow)),
  ]);
}

const thickness = 18;

function drawBar(
  { label, look, parts, spread, text }: Bar,
  top: number,
  x: (value: number) => number,
  { left, right }: Area,
  narrow: boolean,
): Markup {
  const middle = top + thickness / 2;
  let from = 0;
  const pieces = parts.map((part, index) => {
    const start = x(from);
    from += part;
    const end = Math.max(x(from), start + (part > 0 ? 1 : 0));
    return markup`<rect class="bar p${parts.length === 1 ? 0 : index}" x="${round(start)}" y="${round(top)}" width="${round(end - start)}" height="${thickness}"/>`;
  });
  const whisker =
    spread === null || x(spread.high) - x(spread.low) < 1
      ? null
      : markup`<path class="whisker" d="M${round(x(spread.low))} ${middle}H${round(x(spread.high))}M${round(x(spread.low))} ${middle - 5}V${middle + 5}M${round(x(spread.high))} ${middle - 5}V${middle + 5}"/>`;
  const end = Math.max(x(from), spread === null ? 0 : x(spread.high));
  const name = narrow
    ? markup`<text class="bar-name" x="${left}" y="${round(top - 4)}">${label}</text>`
    : markup`<text class="bar-name" x="${left - 12}" y="${round(middle + 4)}" text-anchor="end">${label}</text>`;
  return markup`<g class="${lookClass(look)}">${name}${pieces}${whisker}<text class="figure" x="${round(Math.min(end, right) + 8)}" y="${round(middle + 4)}">${text}</text></g>`;
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}
