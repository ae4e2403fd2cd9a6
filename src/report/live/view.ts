import type { ChalkInstance } from 'chalk';
import { sparkline } from '../sparkline.js';
import { formatCount, formatMicros } from '../../basis/format.js';
import { rateWord } from '../../figures/unit-words.js';
import type { LiveSnapshot } from './snapshot.js';
import {
  courseNote,
  errorWords,
  generatorWords,
  serverWords,
  stageLabel,
  stageNote,
  stageShare,
} from './words.js';

/** Of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

type Paint = (text: string) => string;
type Span = readonly [text: string, paint: Paint];

const labelWidth = 13;
const valueWidth = 11;
const longestBar = 40;
const shortestBar = 6;
const longestSparkline = 60;

/**
 * The snapshot as lines for a terminal. None is as long as the terminal is wide, and there are fewer
 * than it is high, so that none wraps and nothing scrolls.
 */
export function liveView(snapshot: LiveSnapshot, size: Size, color: ChalkInstance): string[] {
  const width = Math.max(0, size.columns - 1);
  const rows = [...head(snapshot, width, color), ...figures(snapshot, width, color)];
  return rows.slice(0, Math.max(1, size.rows - 1)).map((row) => fit(row, width));
}

function head(snapshot: LiveSnapshot, width: number, color: ChalkInstance): Span[][] {
  const { course, stage, load } = snapshot;
  const rows: Span[][] = [];
  if (course !== null)
    rows.push(stretch(course.label, course.share, courseNote(snapshot), width, color));
  if (stage !== null) {
    const note = stageNote(stage, load);
    rows.push(stretch(stageLabel(stage), stageShare(stage, load), note, width, color));
  }
  return rows;
}

/** What is being done, a bar of how much of it is, and what is left. */
function stretch(
  label: string,
  share: number | null,
  note: string,
  width: number,
  color: ChalkInstance,
): Span[] {
  const name = lengthOf(label) < labelWidth ? label.padEnd(labelWidth - 2) : label;
  const spans: Span[] = [[name, color.bold]];
  const free = width - lengthOf(name) - lengthOf(note) - 4;
  if (share !== null && free >= shortestBar) {
    const length = Math.min(longestBar, free);
    const done = Math.round(Math.min(1, Math.max(0, share)) * length);
    spans.push(
      ['  ', plain],
      ['━'.repeat(done), color.cyan],
      ['─'.repeat(length - done), color.dim],
    );
  }
  if (note !== '') spans.push(['  ', plain], [note, plain]);
  return spans;
}

function figures(snapshot: LiveSnapshot, width: number, color: ChalkInstance): Span[][] {
  const { load, seconds, server, generator, stage } = snapshot;
  if (load === null || (stage?.kind !== 'running' && stage?.kind !== 'closing')) return [];
  const row = (label: string, text: string, paint: Paint = plain): Span[] => [
    [label.padEnd(labelWidth), color.dim],
    [text, paint],
  ];
  const course = (label: string, values: readonly (number | null)[], format: Format): Span[] => {
    const last = values.at(-1);
    const space = width - labelWidth - valueWidth - 1;
    const bars = sparkline(
      values.map((value) => value ?? NaN),
      { width: Math.min(longestSparkline, space) },
    );
    const value = last === undefined || last === null ? '–' : format(last);
    return [...row(label, `${value.padEnd(valueWidth)} `), [bars, color.cyan]];
  };
  const failed = errorWords(load);
  const connections = `${formatCount(load.established)} of ${formatCount(load.wanted)} open`;
  return [
    row('responses', formatCount(load.responses)),
    ...(seconds.length === 0
      ? []
      : [
          course(
            rateWord(stage.kind === 'running' ? stage.unit : 'request'),
            seconds.map((second) => second.requestsPerSecond),
            formatCount,
          ),
          course(
            'p50',
            seconds.map(({ p50Us }) => p50Us),
            formatMicros,
          ),
          course(
            'p99',
            seconds.map(({ p99Us }) => p99Us),
            formatMicros,
          ),
        ]),
    row('connections', connections, load.established < load.wanted ? color.yellow : plain),
    row('errors', failed === '' ? 'none' : failed, failed === '' ? plain : color.red),
    ...(server === null ? [] : [row('server', serverWords(server))]),
    ...(generator === null
      ? []
      : [row('generator', generatorWords(generator), generator.saturated ? color.yellow : plain)]),
  ];
}

type Format = (value: number) => string;

const plain: Paint = (text) => text;

/** Painted, and cut where it would be longer than the width. */
function fit(spans: readonly Span[], width: number): string {
  const total = spans.reduce((sum, [text]) => sum + lengthOf(text), 0);
  let left = total > width ? width - 1 : width;
  const cut = spans.map(([text, paint]) => {
    const kept = Array.from(printable(text)).slice(0, Math.max(0, left));
    left -= kept.length;
    return kept.length === 0 ? '' : paint(kept.join(''));
  });
  return `${cut.join('')}${total > width && width > 0 ? '…' : ''}`;
}

/** In code points: a wide one counts as one, so the terminal must not wrap either. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Names come from files: what would move the cursor is left out. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
