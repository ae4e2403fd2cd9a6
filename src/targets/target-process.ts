import type { BuiltTarget } from './build.js';
import { spawnGuarded, type GuardedProcess } from './guard.js';
import { fillPlaceholders } from './placeholders.js';
import { TargetError } from './target-error.js';

interface ProcessOptions {
  host: string;
  /** Where it is to answer /probe; not at all without it. */
  probePort?: number | null;
  cpus?: readonly number[] | undefined;
  env?: Readonly<Record<string, string>>;
}

/** Starts a target's process, without waiting for it to answer. `port` may be nonsense in checks. */
export async function spawnTarget(
  built: BuiltTarget,
  port: number | string,
  { host, probePort, cpus, env }: ProcessOptions,
): Promise<GuardedProcess> {
  const { manifest, folder } = built.target;
  const values = { ...built.placeholders, port: String(port) };
  const fill = (text: string) => fillPlaceholders(text, values);
  const own = Object.entries(manifest.env).map(([key, text]) => [key, fill(text)]);
  try {
    return await spawnGuarded(manifest.start.map(fill), {
      cwd: folder,
      env: {
        ...inheritedEnvironment(),
        ...(Object.fromEntries(own) as Record<string, string>),
        ...env,
        HOST: host,
        PORT: String(port),
        PROBE_PORT: probePort?.toString(),
      },
      output: 'pipe',
      cpus,
    });
  } catch (error) {
    throw new TargetError(
      'cannot-start',
      `${manifest.name}: cannot start ${manifest.start.map(fill).join(' ')}: ${(error as Error).message}`,
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
