import type { Describer } from '../load/describing.js';
import { noDetours } from '../load/detours.js';
import { ConfigError } from '../basis/problem.js';
import { buildTarget } from '../targets/build.js';
import { Toolchains } from '../targets/toolchain.js';
import { startTarget } from './start-target.js';
import type { RunSubject, TargetSubject } from './subject.js';

/**
 * Starts a target, only to ask it what its methods are, and stops it.
 * @param choose those that are measured, where the scenario names these; the first that can be built is asked
 */
export function targetDescriber(
  choose: (named: readonly string[]) => Promise<readonly TargetSubject[]>,
  signal: AbortSignal,
): Describer {
  return async ({ targets, tls }, ask) => {
    const toolchains = new Toolchains();
    for (const { target } of await choose(targets)) {
      const toolchain = await toolchains.find(target.manifest.runtime);
      if (!toolchain.found) continue;
      const built = await buildTarget(target, { toolchain, signal });
      const server = await startTarget(built, { signal });
      try {
        return await ask({ origin: server.origins[0]!, tls, detours: noDetours });
      } finally {
        await server.stop();
      }
    }
    const message = 'no target can be built here, to be asked what its methods are';
    const remedy = 'See c1m doctor; or write proto: FILE in the scenario, beside its requests.';
    throw new ConfigError([{ where: 'targets', message, remedy }]);
  };
}

/** Null for URLs, which are up already, or where it is not known whom. */
export function subjectDescriber(
  subject: RunSubject | null,
  signal: AbortSignal,
): Describer | null {
  return subject?.kind === 'target'
    ? targetDescriber(() => Promise.resolve([subject]), signal)
    : null;
}
