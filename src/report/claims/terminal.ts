import type { ChalkInstance } from 'chalk';
import type { ClaimResult, ClaimsResult, VerdictKind } from '../../results/claims.js';
import { trialTable } from '../trial-table.js';
import { wrapped } from '../wrapped.js';
import { claimColumns } from './columns.js';
import { methodOf, missingOf, notesOf, originOf, summaryOf, verdictWords } from './words.js';

/** What `c1m claims` has found: a summary, then a card for each claim. */
export function claimsReport(result: ClaimsResult, width: number, color: ChalkInstance): string {
  const missing = missingOf(result);
  return [
    `${color.bold(summaryOf(result.claims))}.`,
    ...result.claims.map((claim) => card(claim, width, color)),
    [
      ...(missing.length === 0 ? [] : [color.yellow(`Not measured yet: ${missing.join(', ')}.`)]),
      ...result.warnings.map(({ message, remedy }) => color.yellow(`! ${message}. ${remedy}.`)),
      color.dim(originOf(result)),
    ].join('\n'),
  ].join('\n\n');
}

function card(claim: ClaimResult, width: number, color: ChalkInstance): string {
  const { name, sentence, source, said, verdict, open, again } = claim;
  const line = (title: string, text: string): string => {
    const room = Math.max(20, width - indent);
    const lines = wrapped(text.replace(/\s+/g, ' '), room);
    return lines
      .map((part, index) => `${(index === 0 ? title : '').padEnd(indent)}${part}`)
      .join('\n');
  };
  const rows = claim.arms.map((arm) => ({ label: arm.name, target: { trials: arm.runs } }));
  const columns = claimColumns(claim);
  return [
    `${color.bold(name)}: ${colorOf(verdict.kind, color)(verdictWords[verdict.kind])}`,
    line('claim', sentence.english),
    ...(sentence.original === null ? [] : [line('', sentence.original)]),
    line('source', source),
    line('said', said.join('; ')),
    ...(columns.length === 0 ? [] : [trialTable(rows, columns, width, color, 'measured')]),
    color.dim(line('', methodOf(claim))),
    line('verdict', verdict.reason),
    ...(verdict.kind === 'holds' || verdict.remedy === null ? [] : [line('', verdict.remedy)]),
    ...notesOf(claim).map((note) => color.yellow(line('', `! ${note}`))),
    ...(open === null ? [] : [color.dim(line('open', open))]),
    line('again', again),
  ].join('\n');
}

const indent = 10;

function colorOf(kind: VerdictKind, color: ChalkInstance): ChalkInstance {
  switch (kind) {
    case 'holds':
      return color.green;
    case 'does-not-hold':
      return color.red;
    default:
      return color.yellow;
  }
}
