import { buildTargets } from '../experiment/build-targets.js';
import type { ClaimArm } from '../results/claims.js';
import type { Failure } from '../results/schema.js';
import type { BuiltTarget } from '../targets/build.js';
import type { Target } from '../targets/catalog.js';
import type { ArmPlan } from './claim.js';

/** An arm and what is known of it; not built where that failed, or its toolchain is missing. */
export interface Arm {
  readonly plan: ArmPlan;
  readonly result: ClaimArm;
  readonly built: BuiltTarget | null;
}

/** Builds each target once for a whole command, however many arms and claims have it. */
export class Builds {
  readonly #builds = new Map<string, Promise<Build>>();

  constructor(
    readonly building: (target: string) => void,
    readonly signal: AbortSignal,
  ) {}

  async armOf(plan: ArmPlan): Promise<Arm> {
    const { name, kind, target } = plan;
    const { folder, manifest } = target;
    const build = this.#builds.get(folder) ?? this.#build(target);
    this.#builds.set(folder, build);
    const { built, skipped, failures } = await build;
    const version = built?.toolchain.version;
    return {
      plan,
      // The build is the same; its environment may be the arm's own.
      built: built === null ? null : { ...built, target },
      result: {
        ...{ name, kind, target: manifest.name, runtime: manifest.runtime.name },
        version: version === undefined || version === '' ? null : version,
        ...{ runs: [], skipped, failures: [...failures] },
      },
    };
  }

  async #build(target: Target): Promise<Build> {
    const build: { skipped: ClaimArm['skipped']; failures: Failure[] } = {
      skipped: null,
      failures: [],
    };
    const [built = null] = await buildTargets(
      [target],
      {
        building: (name) => this.building(name),
        skipped: ({ reason, remedy }) => (build.skipped = { reason, remedy }),
        failed: (failure) => build.failures.push(failure),
      },
      this.signal,
    );
    return { ...build, built };
  }
}

interface Build {
  readonly built: BuiltTarget | null;
  readonly skipped: ClaimArm['skipped'];
  readonly failures: readonly Failure[];
}
