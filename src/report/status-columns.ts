import type { Column, Labelled } from './trial-table.js';

/**
 * A column for each status that some line was answered with, and how often.
 * @param errors the column beside them: it is trusted where these are
 */
export function statusColumns<Part>(
  lines: readonly Labelled<Part>[],
  errors: Column<Part>,
  codesOf: (part: Part) => Readonly<Record<string, number>>,
): Column<Part>[] {
  const parts = lines.flatMap(({ trials }) => trials);
  const codes = new Set(parts.flatMap((part) => Object.keys(codesOf(part))));
  return [...codes].sort().map((code) => ({
    ...errors,
    title: `status ${code}`,
    value: (part) => codesOf(part)[code] ?? 0,
  }));
}
