import type { ClaimResult, ClaimsResult } from '../../results/claims.js';
import { headingOf } from '../trial-table.js';
import { markdownText as plain } from '../markdown-text.js';
import { cellOf, claimColumns } from './columns.js';
import { methodOf, missingOf, notesOf, originOf, summaryOf, verdictWords } from './words.js';

/** The summary, a table of all verdicts, and a section for each claim. */
export function claimsMarkdown(result: ClaimsResult): string {
  const { claims } = result;
  const missing = missingOf(result);
  const parts = [
    `### ${plain(summaryOf(claims))}`,
    [
      '| claim | said | verdict |',
      '| --- | --- | --- |',
      ...claims.map(
        ({ title, said, verdict }) =>
          `| ${plain(title)} | ${plain(said.join('; '))} | **${verdictWords[verdict.kind]}** |`,
      ),
    ].join('\n'),
    ...claims.map(section),
    missing.length === 0 ? '' : `Not measured yet: ${plain(missing.join(', '))}.`,
    result.warnings
      .map(({ message, remedy }) => `- ⚠️ ${plain(`${message}. ${remedy}.`)}`)
      .join('\n'),
    `<sub>${plain(originOf(result))}</sub>`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(claim: ClaimResult): string {
  const { title, sentence, source, verdict, open, again, arms } = claim;
  const columns = claimColumns(claim);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `#### ${plain(title)}: ${verdictWords[verdict.kind]}`,
    `> ${plain(sentence.english)}`,
    ...(sentence.original === null ? [] : [`> ${plain(sentence.original)}`]),
    `${plain(source)}.`,
    plain(verdict.reason),
    [
      line([
        'measured',
        ...columns.map((column) =>
          plain(
            headingOf(
              column,
              arms.map(({ runs }) => ({ trials: runs })),
            ),
          ),
        ),
      ]),
      line(['---', ...columns.map(() => '---:')]),
      ...arms.map((arm) =>
        line([
          plain(arm.name),
          ...columns.map((column) => cellOf(column, arm).map(plain).join('<br>')),
        ]),
      ),
    ].join('\n'),
    `${plain(methodOf(claim))}.${open === null ? '' : ` ${plain(open)}`}`,
    ...notesOf(claim).map((note) => `- ⚠️ ${plain(note)}`),
    `Again: \`${again.replaceAll('`', '')}\``,
  ].join('\n\n');
}
