import { nearestName } from '../../basis/nearest-name.js';
import { ConfigError } from '../../basis/problem.js';
import { keptUrl } from '../../config/secrets.js';
import type { RunResult } from '../../results/schema.js';

/** Which of the results are asked for. */
export interface Choice {
  /** Its name, or its hash. */
  readonly scenario?: string;
  readonly target?: string;
}

/** Results that are not mixed with the chosen ones, and why. */
export interface LeftOut {
  readonly count: number;
  readonly reason: string;
}

/**
 * The results of one scenario on one host, those of the newest result that fits: what differs in
 * either cannot be compared, so it is left out, and said.
 * @param results from the oldest to the newest, at least one
 * @throws ConfigError where none fits
 */
export function selectResults(
  results: readonly RunResult[],
  { scenario, target }: Choice,
): { chosen: RunResult[]; leftOut: LeftOut[] } {
  const ofScenario = results.filter(({ scenario: { name, hash } }) =>
    scenario === undefined ? true : [name, hash].includes(scenario),
  );
  if (ofScenario.length === 0) {
    throw unknown(
      '--scenario',
      scenario!,
      results.map((result) => result.scenario.name),
    );
  }
  const fitting = ofScenario.filter(
    (result) => target === undefined || namesIn(result).some((name) => isNamed(name, target)),
  );
  const newest = fitting.at(-1);
  if (newest === undefined) throw unknown('--target', target!, ofScenario.flatMap(namesIn));
  const chosen: RunResult[] = [];
  const others = new Map<string, number>();
  for (const result of results) {
    const reason = difference(result, newest);
    if (reason === null) chosen.push(result);
    else others.set(reason, (others.get(reason) ?? 0) + 1);
  }
  return { chosen, leftOut: [...others].map(([reason, count]) => ({ count, reason })) };
}

/** As it is kept, or as it was typed: results keep a URL without the values in it. */
export function isNamed(name: string, target: string): boolean {
  return name === target || name === keptUrl(target);
}

function namesIn({ targets, failures }: RunResult): string[] {
  return [...targets, ...failures].map(({ name }) => name);
}

/** null where the two can be compared. */
function difference(result: RunResult, newest: RunResult): string | null {
  const { name, hash } = result.scenario;
  if (hash !== newest.scenario.hash) {
    return name === newest.scenario.name
      ? `of another load under the name ${name} (--scenario ${hash})`
      : `of the scenario ${name} (--scenario ${name})`;
  }
  const { fingerprint, cpus, cpuModel } = result.host;
  return fingerprint === newest.host.fingerprint
    ? null
    : `of another host (${cpus} CPUs, ${cpuModel}, fingerprint ${fingerprint})`;
}

function unknown(where: string, written: string, names: readonly string[]): ConfigError {
  const known = [...new Set(names)].sort();
  const near = nearestName(written, known);
  const most = 12;
  const shown = known.slice(0, most).join(', ') + (known.length > most ? ', …' : '');
  return new ConfigError([
    {
      where,
      message: `No result is of ${JSON.stringify(written)}`,
      remedy: near === null ? `There are results of: ${shown}.` : `Did you mean ${near}?`,
    },
  ]);
}
