import { markup, type Markup } from '../markup.js';
import { area as areaPath, line as linePath, scaleLinear, scaleLog } from './d3.js';
import type { ScaleContinuousNumeric } from './d3.js';
import {
  drawAxisNames,
  drawBands,
  drawEvents,
  drawHorizontalGrid,
  drawSvg,
  drawVerticalGrid,
  textWidth,
  tickLabel,
  widths,
  type Area,
  type Band,
  type Tick,
} from './frame.js';
import { drawMark, lookClass, shorten, type Look } from './look.js';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** The lowest and the highest of the trials. */
  readonly low?: number;
  readonly high?: number;
  /** What it says of itself, in place of its label and figure. */
  readonly title?: string;
}

export interface Series {
  readonly label: string;
  readonly look: Look;
  /** Stretches that are not joined to each other. */
  readonly lines: readonly (readonly Point[])[];
  /** Points that are marked; those of the lines, if not given. */
  readonly marks?: readonly Point[];
}

interface LineChart {
  /** What the picture shows, for those who do not see it. */
  readonly description: string;
  readonly vertical: string;
  readonly horizontal: string;
  readonly scale: 'linear' | 'log';
  readonly format: (y: number) => string;
  readonly series: readonly Series[];
  readonly domain: readonly [number, number];
  /** Where the horizontal axis is labelled; the fewer, the narrower. */
  readonly ticks: (narrow: boolean) => readonly Tick[];
  readonly bands?: readonly Band[];
  readonly events?: readonly Tick[];
  readonly spread?: boolean;
}

type Scale = ScaleContinuousNumeric<number, number>;

/** The same chart for wide and for narrow screens; the style sheet shows one of them. */
export function lineChart(chart: LineChart): Markup {
  return markup`${draw(chart, widths.wide, 340)}${draw(chart, widths.narrow, 280)}`;
}

function draw(chart: LineChart, width: number, height: number): Markup {
  const y = verticalScale(chart);
  const ticks = verticalTicks(chart, y);
  const area: Area = {
    left: Math.ceil(textWidth(ticks.map(({ label }) => label)) + 12),
    right: width - 12,
    top: chart.bands === undefined && chart.events === undefined ? 28 : 46,
    bottom: height - 44,
  };
  y.range([area.bottom, area.top]);
  const x = scaleLinear(chart.domain, [area.left, area.right]);
  const onX = chart.ticks(width === widths.narrow).map(({ at, label }) => ({ at: x(at), label }));
  const bands = (chart.bands ?? []).map(({ from, to, label }) => ({
    from: x(from),
    to: x(to),
    label,
  }));
  return drawSvg(width, height, chart.description, [
    drawBands(area, bands),
    drawHorizontalGrid(
      area,
      ticks.map(({ at, label }) => ({ at: y(at), label })),
    ),
    drawVerticalGrid(area, onX),
    drawAxisNames(area, chart.vertical, chart.horizontal),
    drawEvents(
      area,
      (chart.events ?? []).map(({ at, label }) => ({ at: x(at), label })),
    ),
    chart.series.map((series) => drawSeries(series, x, y, chart)),
  ]);
}

function verticalScale({ series, scale }: LineChart): Scale {
  const points = series.flatMap(({ lines, marks = [] }) => [...lines.flat(), ...marks]);
  const values = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
  const top = Math.max(...values);
  if (scale === 'linear') return scaleLinear([0, top > 0 ? top : 1], [0, 1]).nice(5);
  const positive = values.filter((value) => value > 0);
  const low = positive.length === 0 ? 1 : Math.min(...positive);
  return scaleLog(
    [roundSteps(low, Math.floor), roundSteps(Math.max(top, low * 2), Math.ceil)],
    [0, 1],
  );
}

/** To 1, 2 or 5 of a decade, down or up: a third of a decade is about 2. */
function roundSteps(value: number, toward: (thirds: number) => number): number {
  const thirds = toward(Math.log10(value) * 3 + (toward === Math.floor ? 1e-6 : -1e-6));
  const decade = Math.floor(thirds / 3);
  return [1, 2, 5][thirds - decade * 3]! * 10 ** decade;
}

function verticalTicks({ scale, format }: LineChart, y: Scale): Tick[] {
  const [low = 0, high = 1] = y.domain();
  const values = scale === 'linear' ? y.ticks(5) : logTicks(low, high);
  return values.map((at) => ({ at, label: tickLabel(format(at)) }));
}

/** 1, 10, 100 …; and 2 and 5 of each decade where there is room. */
function logTicks(low: number, high: number): number[] {
  const digits = Math.log10(high / low) > 3.1 ? [1] : [1, 2, 5];
  const decades = Math.ceil(Math.log10(high / low)) + 2;
  const first = Math.floor(Math.log10(low) + 1e-9);
  return Array.from({ length: decades }, (_, step) => 10 ** (first + step))
    .flatMap((decade) => digits.map((digit) => digit * decade))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

function drawSeries(
  series: Series,
  x: Scale,
  y: Scale,
  { spread, scale, format }: LineChart,
): Markup {
  const [lowest = 0] = y.domain();
  const atY = (value: number): number => y(scale === 'log' ? Math.max(value, lowest) : value);
  const drawLine = linePath<Point>(
    (point) => x(point.x),
    (point) => atY(point.y),
  );
  const drawArea = areaPath<Point>(
    (point) => x(point.x),
    (point) => atY(point.low ?? point.y),
    (point) => atY(point.high ?? point.y),
  );
  const marked = series.marks ?? series.lines.flat();
  return markup`<g class="${lookClass(series.look)}">${
    spread === true
      ? series.lines.map(
          (line) => markup`<path class="spread" d="${shorten(drawArea(line) ?? '')}"/>`,
        )
      : null
  }${series.lines.map((line) => markup`<path class="line" d="${shorten(drawLine(line) ?? '')}"/>`)}${marked.map(
    (point) =>
      markup`<g>${drawMark(series.look, x(point.x), atY(point.y))}<title>${point.title ?? `${series.label}: ${format(point.y)}`}</title></g>`,
  )}</g>`;
}
