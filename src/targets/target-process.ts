import { checkBuild, type BuiltTarget } from './build.js';
import { spawnGuarded, type GuardedProcess, type GuardOptions } from '../process/guard.js';
import { fillPlaceholders } from './placeholders.js';
import { TargetError } from './target-error.js';

interface ProcessOptions {
  host: string;
  /** Where it is to answer /probe; not at all without it. */
  probePort?: number | null;
  cpus?: readonly number[] | undefined;
  env?: Readonly<Record<string, string>>;
}

/** Starts a server's process, without waiting for it to answer. `port` may be nonsense in checks. */
export async function spawnTarget(
  built: BuiltTarget,
  port: number | string,
  { host, probePort, cpus, env }: ProcessOptions,
): Promise<GuardedProcess> {
  const own = { HOST: host, PORT: String(port), PROBE_PORT: probePort?.toString() };
  const address = { ...env, ...own };
  return spawnBuilt(built, { port: String(port) }, address, { output: 'pipe', cpus });
}

/** Starts a program's process, which obeys the commands of PROGRAM.md on its standard input. */
export async function spawnProgram(
  built: BuiltTarget,
  cpus: readonly number[] | undefined,
): Promise<GuardedProcess> {
  return spawnBuilt(built, {}, {}, { input: 'pipe', output: 'pipe', cpus });
}

async function spawnBuilt(
  built: BuiltTarget,
  more: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  options: Omit<GuardOptions, 'cwd' | 'env'>,
): Promise<GuardedProcess> {
  const {
    target: { manifest, folder },
    placeholders,
    cached,
  } = built;
  await checkBuild(built);
  const fill = (text: string) => fillPlaceholders(text, { ...placeholders, ...more });
  const own = Object.entries(manifest.env).map(([key, text]) => [key, fill(text)]);
  const manifestEnv = Object.fromEntries(own) as Record<string, string>;
  try {
    return await spawnGuarded(manifest.start.map(fill), {
      cwd: folder,
      env: { ...inheritedEnvironment(), ...manifestEnv, ...env },
      ...options,
    });
  } catch (error) {
    throw new TargetError(
      'cannot-start',
      `${manifest.name}: cannot start ${fill(manifest.start[0]!)}: ${(error as Error).message}`,
      cached === undefined
        ? 'Correct "start" in its target.yaml, or what it names.'
        : `If it was built right, delete ${cached}: c1m builds it again.`,
    );
  }
}

/** Every start does the same work, and nothing is written into a source folder. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // Meant for c1m's own Node; they would change what a target in Node does.
    NODE_OPTIONS: undefined,
    NODE_V8_COVERAGE: undefined,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
