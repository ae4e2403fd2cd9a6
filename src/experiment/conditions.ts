import { ConfigError } from '../basis/problem.js';
import type { Scenario } from '../config/scenario.js';
import type { RunResult } from '../results/schema.js';
import { whyUnaskable, type Measurable } from '../thresholds/askable.js';
import { judgeThresholds } from '../thresholds/judge.js';
import { asksForStreams } from '../load/plan.js';

/** Throws a ConfigError with every condition that what will be measured cannot answer. */
export function refuseUnaskable(
  { failIf, fanOut, phases, requests }: Scenario,
  measured: Omit<Measurable, 'phases' | 'requests' | 'fanOut' | 'streams'>,
): void {
  const streams = asksForStreams({ requests });
  const problems = failIf.flatMap((threshold) => {
    const names = requests.map(({ name }) => name);
    const asked = { phases, requests: names, fanOut, streams, ...measured };
    const why = whyUnaskable(threshold, asked);
    return why === null ? [] : [{ where: threshold.where, ...why }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Judges the scenario's conditions by what was measured, and keeps it in the result. */
export function judgeConditions(result: RunResult, { failIf }: Scenario): void {
  result.thresholds.push(...judgeThresholds(failIf, result));
}
