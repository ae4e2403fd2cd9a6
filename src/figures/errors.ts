import { totalOf } from '../results/counts.js';
import type { LoadFigures } from '../results/figures.js';

type Answers = Pick<LoadFigures, 'statusCodes' | 'errors' | 'errorResponses'>;
type Attempts = Pick<LoadFigures, 'requestsSent'> & Partial<Pick<LoadFigures, 'connectErrors'>>;

/**
 * Of results that do not tell: all responses with a status from 400 on, but for those that are among
 * the errors already by another name.
 */
function errorResponsesOf({ statusCodes, errors }: Answers): number {
  const bad = Object.entries(statusCodes).filter(([code]) => Number(code) >= 400);
  const named = (errors['unexpected-status'] ?? 0) + (errors['unexpected-body'] ?? 0);
  return Math.max(0, totalOf(Object.fromEntries(bad)) - named);
}

/**
 * What an error is: whatever did not get the answer that was asked for, of a phase or of one of its
 * requests. By kind, each above 0.
 */
export function errorsOf(
  load: Answers & Partial<Pick<LoadFigures, 'connectErrors'>>,
): Readonly<Record<string, number>> {
  const refused = load.errorResponses ?? errorResponsesOf(load);
  const all = { ...load.errors, ...load.connectErrors, 'error-status': refused };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

/** Of which errors are a share: the requests sent and the connections that could not be opened. */
export function attemptsOf({ requestsSent, connectErrors = {} }: Attempts): number {
  return requestsSent + totalOf(connectErrors);
}
