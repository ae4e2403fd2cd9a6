import { phaseColumns, phasesTitle, phaseLines } from './phases-table.js';
import type { RunResult, TrialResult } from '../results/schema.js';
import { compareNotes } from './compare-table.js';
import { connectionsColumns, holdsMany } from './connections-table.js';
import { differences } from './differences.js';
import { legend } from './legend.js';
import { rankedColumns } from './ranked-columns.js';
import { requestColumns, requestLines, requestsTitle } from './requests-table.js';
import { conclude } from './conclusion/conclusion.js';
import { markdownText as plainText } from './markdown-text.js';
import { holdsText, measuredText, thresholdDoubt, thresholdsTitle } from './threshold-lines.js';
import {
  rankNote,
  schedulingColumns,
  schedulingTitle,
  watchedSubjects,
} from './scheduling-table.js';
import { subjectsOf, type Subject } from './subject.js';
import { figureOf, filledColumns, headingOf, type Column, type Labelled } from './trial-table.js';
import { formatRange } from '../basis/format.js';

/** A comment for a pull request: the conclusion, the tables, and what must be known before trusting them. */
export function markdownReport(results: readonly RunResult[]): string {
  const subjects = subjectsOf(results).filter(({ target }) => target.trials.length > 0);
  const { headline, findings } = conclude(results, subjects);
  const columns = rankedColumns(results, subjects);
  const holding = subjects.filter(({ plain }) => plain.some(holdsMany));
  const parts = [
    `### ${plainText(headline)}`,
    findings.map(({ topic, text }) => `- **${topic}**: ${plainText(text)}`).join('\n'),
    table(columns, subjects.map(plainOf)),
    phases(subjects),
    requests(subjects),
    holding.length === 0 ? '' : table(connectionsColumns, holding.map(plainOf)),
    scheduling(watchedSubjects(subjects)),
    thresholdsTable(results),
    notes(results, legend(results, subjects, columns)),
    ...results.map(origin),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const plainOf = ({ label, plain }: Subject): Labelled<TrialResult> => ({ label, trials: plain });

function phases(subjects: readonly Subject[]): string {
  const rows = phaseLines(subjects);
  if (rows.length === 0) return '';
  return `**${phasesTitle}**\n\n${table(phaseColumns(rows), rows, 'phase')}`;
}

function requests(subjects: readonly Subject[]): string {
  const rows = requestLines(subjects);
  if (rows.length === 0) return '';
  return `**${requestsTitle}**\n\n${table(requestColumns(rows), rows, 'request')}`;
}

function scheduling(watched: readonly Subject[]): string {
  if (watched.length === 0) return '';
  const columns = schedulingColumns(watched);
  const note = rankNote(columns, watched);
  const lines = [
    `**${schedulingTitle}**`,
    table(
      columns,
      watched.map((each) => ({ label: each.label, trials: each.watched })),
    ),
  ];
  return [...lines, ...(note === null ? [] : [plainText(note)])].join('\n\n');
}

function thresholdsTable(results: readonly RunResult[]): string {
  const all = results.flatMap(({ thresholds }) => thresholds);
  if (all.length === 0) return '';
  const doubts = new Set(results.map(thresholdDoubt).filter((doubt) => doubt !== null));
  return [
    `**${thresholdsTitle}**\n`,
    '| target | must hold | measured | |',
    '| --- | --- | ---: | --- |',
    ...all.map((threshold) => {
      const { target, text, holds } = threshold;
      const verdict = `${holds ? '✅' : '❌'} ${holdsText(threshold)}`;
      return `| ${plainText(target)} | ${plainText(text)} | ${plainText(measuredText(threshold))} | ${verdict} |`;
    }),
    ...[...doubts].map((doubt) => `\n⚠️ ${plainText(doubt)}`),
  ].join('\n');
}

function table<Trial>(
  columns: readonly Column<Trial>[],
  rows: readonly Labelled<Trial>[],
  of = 'target',
): string {
  const shown = filledColumns(columns, rows);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line([of, ...shown.map((column) => plainText(headingOf(column, rows)))]),
    line(['---', ...shown.map(() => '---:')]),
    ...rows.map(({ label, trials }) =>
      line([plainText(label), ...shown.map((column) => cell(column, trials, label))]),
    ),
  ].join('\n');
}

function cell<Trial>(column: Column<Trial>, trials: readonly Trial[], label: string): string {
  const found = figureOf(column, trials, label);
  if (found === null) return '–';
  const { median, mark, place, spread, detail } = found;
  const below = spread === null ? detail : formatRange(spread.low, spread.high);
  const figure = column.prominent ? `**${median}**` : median;
  return `${plainText(place)}${mark}${figure}${below === '' ? '' : `<br><sub>${below}</sub>`}`;
}

function notes(results: readonly RunResult[], legend: readonly string[]): string {
  const all = [...legend, ...results.flatMap(compareNotes), ...differences(results)];
  return [...new Set(all)]
    .map(
      (note) => `- ${note.startsWith('! ') ? `⚠️ ${plainText(note.slice(2))}` : plainText(note)}`,
    )
    .join('\n');
}

function origin({ id, host, scenario, tool }: RunResult): string {
  const where = `${host.cpus} CPUs (${host.cpuModel}), ${host.os}, kernel ${host.kernel}`;
  return `<sub>${plainText(`${id}: scenario ${scenario.name}, ${where}, c1m ${tool.version}`)}</sub>`;
}
