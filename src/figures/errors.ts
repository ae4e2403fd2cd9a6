import { totalOf } from '../results/counts.js';
import type { LoadFigures } from '../results/figures.js';

type Answers = Pick<LoadFigures, 'statusCodes' | 'errors'>;

/**
 * Responses with a status from 400 on that no request of the scenario expects. A status that was
 * expected otherwise is among the errors already, by its name.
 */
export function errorResponsesOf(
  { statusCodes, errors }: Answers,
  expectedStatuses: ReadonlySet<number>,
): number {
  const bad = Object.entries(statusCodes).filter(
    ([code]) => Number(code) >= 400 && !expectedStatuses.has(Number(code)),
  );
  const named = (errors['unexpected-status'] ?? 0) + (errors['unexpected-body'] ?? 0);
  return Math.max(0, totalOf(Object.fromEntries(bad)) - named);
}

/** What an error is: whatever did not get the answer that was asked for. By kind, each above 0. */
export function errorsOf(load: LoadFigures): Readonly<Record<string, number>> {
  const refused = load.errorResponses ?? errorResponsesOf(load, new Set());
  const all = { ...load.errors, ...load.connectErrors, 'error-status': refused };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

/** Of which errors are a share: the requests sent and the connections that could not be opened. */
export function attemptsOf({ requestsSent, connectErrors }: LoadFigures): number {
  return requestsSent + totalOf(connectErrors);
}
