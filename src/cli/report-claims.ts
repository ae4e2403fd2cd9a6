import { ConfigError } from '../basis/problem.js';
import { claimsMarkdown } from '../report/claims/markdown.js';
import { claimsPage } from '../report/claims/page.js';
import type { ClaimsResult } from '../results/claims.js';
import type { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { orFailure, shown, type Outcome } from './outcome.js';
import type { ReportFlags } from './report-flags.js';
import { writeReport } from './report-file.js';

/** Writes a result of `c1m claims` as a page, as Markdown, or both. */
export function reportClaims(
  place: string,
  result: ClaimsResult,
  { html, markdown, ...others }: ReportFlags,
  deliveries: Deliveries,
): Outcome {
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const message = `It is a result of c1m claims, which has no --${other}`;
    const remedy = 'Write it with --html or --markdown, or read the JSON document itself.';
    throw new ConfigError([{ where: place, message, remedy }]);
  }
  if (html !== undefined) writeReport(deliveries, '--html', html, claimsPage(result));
  if (markdown !== undefined) {
    writeReport(deliveries, '--markdown', markdown, claimsMarkdown(result));
  }
  return shown(orFailure(exitCodes.success, deliveries.complain()));
}
