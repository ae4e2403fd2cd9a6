import { CsvError, parse } from './csv.js';
import type { DataTable } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';

/** A file with a slip in every row need not fill the screen. */
const mostProblems = 5;

/** Reads a table whose first row names the columns (RFC 4180, and a byte order mark). */
export function readDataTable(
  text: string,
  file: string,
): { readonly table: DataTable; readonly problems: readonly Problem[] } {
  const remedy = 'Its first row names the columns, and each row after it has as many values.';
  const problems: Problem[] = [];
  const complain = (line: number, message: string): void => {
    problems.push({ where: `${file}:${line}`, message, remedy });
  };

  let records: { record: string[]; info: { lines: number } }[] = [];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      // Each by itself: found out from the first line, the others' would stay in the values.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    complain((error as { lines?: number }).lines ?? 1, error.message);
    return { table: { columns: [], rows: [] }, problems };
  }

  const [header, ...rows] = records;
  const columns = (header?.record ?? []).map((name) => name.trim());
  if (rows.length === 0) complain(1, 'there are no rows below the names of the columns');
  for (const [index, name] of columns.entries()) {
    if (name === '') complain(1, `column ${index + 1} has no name`);
    else if (columns.indexOf(name) !== index) complain(1, `two columns are named "${name}"`);
  }
  const ragged = rows.filter(({ record }) => record.length !== columns.length);
  for (const { record, info } of ragged.slice(0, mostProblems)) {
    complain(info.lines, `${values(record.length)} where there are ${values(columns.length)}`);
  }
  if (ragged.length > mostProblems) {
    complain(ragged[mostProblems]!.info.lines, `and ${ragged.length - mostProblems} rows more`);
  }
  return { table: { columns, rows: rows.map(({ record }) => record) }, problems };
}

function values(count: number): string {
  return `${count} value${count === 1 ? '' : 's'}`;
}
