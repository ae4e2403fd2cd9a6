import { openScenario } from '../config/scenario-catalog.js';
import { parseScenario } from '../config/scenario-file.js';
import type { Scenario } from '../config/scenario.js';
import type { RunResult } from '../results/schema.js';

/**
 * The scenario of a stored result, so that `isSame` finds it to be the same load; null where the
 * result does not hold it whole: secrets and the contents of files are not kept.
 */
export async function repeatableScenario(
  { name, document }: RunResult['scenario'],
  isSame: (scenario: Scenario) => boolean,
): Promise<Scenario | null> {
  // A built-in one may name files that the document does not hold.
  for (const read of [() => openScenario(name), () => parseScenario(asWritten(document), name)]) {
    const scenario = await read().catch(() => null);
    if (scenario !== null && isSame(scenario)) return scenario;
  }
  return null;
}

/** A document is a scenario file, but for paths that were left out: those of the target. */
function asWritten(document: unknown): string {
  return JSON.stringify(document, (key, value: unknown) =>
    key === 'path' && value === '' ? undefined : value,
  );
}
