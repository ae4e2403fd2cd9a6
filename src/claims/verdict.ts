import type { ClaimFigure, Finding, Verdict, VerdictKind } from '../results/claims.js';
import { clause } from './words.js';

/**
 * What becomes of a claim, from what was found of each of its conditions: it holds only if all of
 * them are met. Pure, and it sees intervals alone.
 *
 * - Some are met and others are not: it holds in part.
 * - None is met and some are not: it does not hold, whatever the rest would say.
 * - Nothing speaks against it, but something is open: it cannot be told.
 * - Nothing was measured: it cannot be measured here. Where only something of it was, the part that
 *   is met is what it holds in.
 *
 * Each condition has its own 95 % interval. All must be met for it to hold, so that it is wrongly said
 * to hold in at most 2.5 % of cases, without any correction (an intersection–union test: Berger,
 * "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24, 1982).
 */
export function verdictOf(findings: readonly Finding[], figures: readonly ClaimFigure[]): Verdict {
  const of = (outcome: Finding['outcome']): Finding[] =>
    findings.filter((finding) => finding.outcome === outcome);
  const kind = kindOf(of('met').length, of('not-met').length, of('open').length, findings.length);
  const parts = [
    ['it is so that ', ', and that ', of('met')],
    ['it is not so that ', ', nor that ', of('not-met')],
    ['it is open whether ', ', and whether ', of('open')],
    ['it was not measured whether ', ', nor whether ', of('not-measured')],
  ] as const;
  const reason = parts
    .filter(([, , which]) => which.length > 0)
    .map(([lead, link, which]) => lead + which.map((each) => clause(each, figures)).join(link))
    .join('; ');
  const remedy = findings.find((finding) => finding.remedy !== null)?.remedy ?? null;
  return { kind, reason: `${capitalised(reason)}.`, remedy };
}

function kindOf(met: number, notMet: number, open: number, all: number): VerdictKind {
  if (met === all) return 'holds';
  if (met > 0 && notMet > 0) return 'holds-in-part';
  if (notMet > 0) return 'does-not-hold';
  if (open > 0) return 'cannot-be-told';
  return met > 0 ? 'holds-in-part' : 'cannot-be-measured';
}

function capitalised(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
