import type { Failure, Skipped } from '../results/schema.js';
import { buildTarget, type BuiltTarget } from '../targets/build.js';
import type { Target } from '../targets/catalog.js';
import { reasonOf, remedyOf } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';

interface BuildObserver {
  building(target: string): void;
  skipped(skipped: Skipped): void;
  failed(failure: Failure): void;
}

const mendBuild = 'Mend the build; the message says where its log is';

/** Targets without a toolchain are left out; those whose build fails have failed. */
export async function buildTargets(
  targets: readonly Target[],
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<BuiltTarget[]> {
  const toolchains = new Toolchains();
  const built: BuiltTarget[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    const { name, runtime } = target.manifest;
    const toolchain = await toolchains.find(runtime);
    if (!toolchain.found) {
      const { reason, remedy } = toolchain;
      observer.skipped({ name, runtime: runtime.name, reason, remedy });
      continue;
    }
    observer.building(name);
    const done = await buildTarget(target, { toolchain, signal }).catch((error: unknown) => {
      const [reason, remedy] = [reasonOf(error), remedyOf(error, mendBuild)];
      const failure = { name, runtime: runtime.name, trial: null, reason, remedy };
      if (!signal.aborted) observer.failed(failure);
      return null;
    });
    if (done !== null) built.push(done);
  }
  return built;
}
