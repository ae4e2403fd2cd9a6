import { keptUrl } from '../config/secrets.js';
import type { PhaseOutcome } from '../load/outcome.js';
import type { LoadPlan } from '../load/plan.js';
import { totalOf } from '../results/counts.js';
import { eventFigures } from './event-figures.js';
import type { RequestFigures } from '../results/figures.js';

/** What became of each request in a phase; none of a plan with one, whose figures are the phase's. */
export function requestFigures(
  { requests }: LoadPlan,
  { requests: outcomes, windowSeconds }: PhaseOutcome,
): RequestFigures[] {
  if (requests.length === 1) return [];
  return outcomes.map((outcome, place) => {
    const { name, method, path, weight } = requests[place]!;
    return {
      ...{ name, method, path: keptUrl(path), weight },
      requestsSent: outcome.sent,
      responses: outcome.responses,
      requestsPerSecond: windowSeconds === 0 ? 0 : outcome.responsesInWindow / windowSeconds,
      statusCodes: outcome.statusCodes,
      errors: outcome.errors,
      errorResponses: totalOf(outcome.errorStatuses),
      latencyUs: outcome.latency.distribution,
      events:
        outcome.streams === null
          ? null
          : eventFigures(outcome.streams.tally, outcome.streams.distributions, windowSeconds),
    };
  });
}
