import { medianOf } from './rounds.js';

const none = '–';
const written = (value, text) => (Number.isFinite(value) ? text : none);

/** How the figures are written in a cell; what is not there is a dash. */
export const cells = {
  bold: (text) => `**${text}**`,
  count: (value) => written(value, Math.round(value).toLocaleString('en')),
  micros: (value) => written(value, Math.abs(value) < 100 ? value.toFixed(1) : cells.count(value)),
  mebibytes: (value) => written(value, (value / 2 ** 20).toFixed(value < 10 * 2 ** 20 ? 1 : 0)),
  seconds: (value) => written(value, value.toFixed(2)),
  percent: (value) => written(value, `${(value * 100).toFixed(1)} %`),
  ratio: (ratio) =>
    ratio === null
      ? none
      : `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`,
  /** The median over the rounds, and from where to where they reach. */
  range: (row, figure, write) => {
    const values = row.runs.flatMap((run) => (run === null ? [] : [run[figure]]));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return `${write(medianOf(row, figure))} (${write(least)} … ${write(most)})`;
  },
};

/** The first column is text, the others are numbers. */
export function table(head, rows) {
  const line = (values) => `| ${values.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A client that failed stays in the document. */
export function failureNotes(rows) {
  return rows
    .filter(({ failures }) => failures.length > 0)
    .map(({ client, runs, failures }) => {
      const done = runs.filter((run) => run !== null).length;
      const reasons = [...new Set(failures)].join('; ');
      return `- ${client.title}: ${failures.length} failed (${reasons}), ${done} done.`;
    });
}
