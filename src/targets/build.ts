import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { RunFolder, sweepRunFolders } from '../process/run-folder.js';
import { artifactBytes } from './artifact.js';
import { runBuildStep } from './build-step.js';
import { isThere, openCache, type Cache } from '../process/cache.js';
import type { Target } from './catalog.js';
import { fillPlaceholders } from './placeholders.js';
import { pythonEnvironment } from './python-environment.js';
import { brokenSeal, readSeal, writeSeal } from './seal.js';
import { hashSources } from './source-hash.js';
import { TargetError } from './target-error.js';
import type { Toolchain } from './toolchain.js';

/** A target that can be started. */
export interface BuiltTarget {
  target: Target;
  toolchain: Toolchain;
  /** Values for the manifest's placeholders, all but {port}. */
  placeholders: Readonly<Record<string, string>>;
  /** The folder in the cache that holds its build and the seal of it; none where nothing is built. */
  cached?: string;
  /** Bytes of what is deployed: the manifest's artifact, or its folder. */
  artifactBytes: number;
  /** Nothing had to be built or installed. */
  fromCache: boolean;
  /** Why the build that was there could not be used, and was made again; null where there was none. */
  damage: string | null;
}

export type BuildProgress =
  | { step: 'building'; target: string; logFile: string }
  | { step: 'installing'; target: string }
  | { step: 'done'; target: string; fromCache: boolean; seconds: number };

interface BuildOptions {
  toolchain: Toolchain;
  /** Instead of the user's cache folder. */
  cacheFolder?: string;
  signal?: AbortSignal;
  onProgress?: (progress: BuildProgress) => void;
}

/** Builds a target, or finds it built. Its source folder is only read. */
export async function buildTarget(target: Target, options: BuildOptions): Promise<BuiltTarget> {
  const startedAt = performance.now();
  const { manifest, folder } = target;
  const { toolchain } = options;
  const cache = await openCache(options.cacheFolder);
  const placeholders: Record<string, string> = { src: folder, ...toolchain.commands };
  let fromCache = true;
  let damage: string | null = null;
  if (manifest.requirements !== undefined) {
    const environment = await pythonEnvironment({
      name: manifest.name,
      requirementsFile: path.join(folder, manifest.requirements),
      python: toolchain.commands['python']!,
      version: toolchain.version,
      cache,
      signal: options.signal,
      onInstall: () => options.onProgress?.({ step: 'installing', target: manifest.name }),
    });
    placeholders['venv'] = environment.folder;
    placeholders['python'] = environment.python;
    fromCache = environment.fromCache;
  }
  const cached =
    manifest.build.length === 0
      ? undefined
      : path.join(cache.builds, await buildKey(target, placeholders, toolchain));
  if (cached !== undefined) {
    placeholders['build'] = path.join(cached, filesName);
    damage = await discardDamaged(cached);
    if (!(await isThere(cached))) {
      await buildAside(target, cached, placeholders, cache, options);
      fromCache = false;
    }
  }
  const built: BuiltTarget = {
    target,
    toolchain,
    placeholders,
    ...(cached === undefined ? {} : { cached }),
    artifactBytes: await measureArtifact(target, placeholders),
    fromCache,
    damage,
  };
  const seconds = (performance.now() - startedAt) / 1000;
  options.onProgress?.({ step: 'done', target: manifest.name, fromCache, seconds });
  return built;
}

/** Of a build in the cache: its files, and what they were when it was complete. */
const filesName = 'files';
const sealName = 'seal.json';

/** What the disk, a full one or somebody has changed is no longer what was built: it is built again. */
async function discardDamaged(cached: string): Promise<string | null> {
  if (!(await isThere(cached))) return null;
  const seal = await readSeal(path.join(cached, sealName));
  const damage =
    seal === null
      ? `${sealName} cannot be read`
      : await brokenSeal(seal, path.join(cached, filesName));
  if (damage === null) return null;
  const reason = `its build in ${cached} is damaged (${damage}) and is made again`;
  await rm(cached, { recursive: true, force: true });
  return reason;
}

/**
 * Before each start: what is started is what was built.
 * @throws TargetError
 */
export async function checkBuild({ target, placeholders, cached }: BuiltTarget): Promise<void> {
  if (cached === undefined) return;
  const { manifest, folder } = target;
  const files = path.join(cached, filesName);
  const started = [
    ...manifest.start,
    ...(manifest.artifact === undefined ? [] : [manifest.artifact]),
  ]
    .filter((word) => !word.includes('{port}'))
    .map((word) => path.resolve(folder, fillPlaceholders(word, placeholders)));
  const names = new Set(started.map((file) => path.relative(files, file)));
  const seal = await readSeal(path.join(cached, sealName));
  const damage =
    seal === null
      ? `${sealName} cannot be read`
      : await brokenSeal(seal, files, (name) => names.has(name));
  if (damage === null) return;
  throw new TargetError(
    'cannot-start',
    `${manifest.name}: its build in ${cached} is damaged: ${damage}`,
    'c1m makes it again when it is called the next time. If it is damaged each time, delete that folder, and look at the disk.',
  );
}

/** Whatever could make the build come out different. */
async function buildKey(
  { manifest, folder }: Target,
  placeholders: Readonly<Record<string, string>>,
  toolchain: Toolchain,
): Promise<string> {
  const sources = await hashSources(folder);
  const parts = [
    // Builds of before they were sealed do not count.
    'sealed',
    sources,
    manifest.build,
    toolchain.runtime,
    toolchain.version,
    placeholders['venv'] ?? null,
    process.platform,
    process.arch,
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${manifest.name}-${digest.slice(0, 16)}`;
}

/** Into a folder of its own, renamed when complete: an interrupted build is never taken for one. */
async function buildAside(
  { manifest, folder }: Target,
  cached: string,
  placeholders: Readonly<Record<string, string>>,
  cache: Cache,
  options: BuildOptions,
): Promise<void> {
  sweepRunFolders(cache.builds);
  const own = new RunFolder('build', cache.builds);
  // Within it, since it is for this user alone, and a cache may be shared.
  const aside = path.join(own.path, 'build');
  const files = path.join(aside, filesName);
  const logFile = path.join(cache.logs, `${path.basename(cached)}.log`);
  options.onProgress?.({ step: 'building', target: manifest.name, logFile });
  try {
    await mkdir(files, { recursive: true });
    await writeFile(logFile, '');
    for (const command of manifest.build) {
      await runBuildStep({
        name: manifest.name,
        command: command.map((word) => fillPlaceholders(word, { ...placeholders, build: files })),
        cwd: folder,
        env: buildEnvironment(options.toolchain),
        logFile,
        signal: options.signal,
        remedy: `Built with ${options.toolchain.runtime} ${options.toolchain.version}.`,
      });
    }
    await writeSeal(path.join(aside, sealName), files);
    await rename(aside, cached).catch(async (error: unknown) => {
      // Another c1m was faster. Its build has the same key, so it is the same build.
      if (!(await isThere(cached))) throw error;
    });
  } finally {
    own.remove();
  }
}

function buildEnvironment({ commands }: Toolchain): NodeJS.ProcessEnv {
  const { env } = process;
  const javac = commands['javac'];
  return {
    ...env,
    // Maven and Gradle would take the first JDK on the PATH, which may be too old for the project.
    ...(javac === undefined ? {} : { JAVA_HOME: path.dirname(path.dirname(javac)) }),
    // The toolchain that was found is the one that the result names, whatever go.mod would fetch.
    GOTOOLCHAIN: env['GOTOOLCHAIN'] ?? 'local',
    // A commit's id in the binary says nothing here, and asking git fails in foreign folders.
    GOFLAGS: `${env['GOFLAGS'] ?? ''} -buildvcs=false`.trim(),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

async function measureArtifact(
  { manifest, folder }: Target,
  placeholders: Readonly<Record<string, string>>,
): Promise<number> {
  const artifact = fillPlaceholders(manifest.artifact ?? '{src}', placeholders);
  try {
    return await artifactBytes(path.resolve(folder, artifact));
  } catch {
    throw new TargetError(
      'build-failed',
      `${manifest.name}: its artifact ${artifact} does not exist after the build`,
      'Correct "artifact" in its target.yaml, or have "build" make it.',
    );
  }
}
