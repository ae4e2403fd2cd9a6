import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { RunFolder, sweepRunFolders } from '../process/run-folder.js';
import { artifactBytes } from './artifact.js';
import { runBuildStep } from './build-step.js';
import { isThere, openCache, type Cache } from './cache.js';
import type { Target } from './catalog.js';
import { fillPlaceholders } from './placeholders.js';
import { pythonEnvironment } from './python-environment.js';
import { hashSources } from './source-hash.js';
import { TargetError } from './target-error.js';
import type { Toolchain } from './toolchain.js';

/** A target that can be started. */
export interface BuiltTarget {
  target: Target;
  toolchain: Toolchain;
  /** Values for the manifest's placeholders, all but {port}. */
  placeholders: Readonly<Record<string, string>>;
  /** Bytes of what is deployed: the manifest's artifact, or its folder. */
  artifactBytes: number;
  /** Nothing had to be built or installed. */
  fromCache: boolean;
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
  if (manifest.build.length > 0) {
    const build = path.join(cache.builds, await buildKey(target, placeholders, toolchain));
    placeholders['build'] = build;
    if (!(await isThere(build))) {
      await buildAside(target, build, placeholders, cache, options);
      fromCache = false;
    }
  }
  const built: BuiltTarget = {
    target,
    toolchain,
    placeholders,
    artifactBytes: await measureArtifact(target, placeholders),
    fromCache,
  };
  const seconds = (performance.now() - startedAt) / 1000;
  options.onProgress?.({ step: 'done', target: manifest.name, fromCache, seconds });
  return built;
}

/** Whatever could make the build come out different. */
async function buildKey(
  { manifest, folder }: Target,
  placeholders: Readonly<Record<string, string>>,
  toolchain: Toolchain,
): Promise<string> {
  const sources = await hashSources(folder);
  const parts = [
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
  build: string,
  placeholders: Readonly<Record<string, string>>,
  cache: Cache,
  options: BuildOptions,
): Promise<void> {
  sweepRunFolders(cache.builds);
  const own = new RunFolder('build', cache.builds);
  // Within it, since it is for this user alone, and a cache may be shared.
  const aside = path.join(own.path, 'build');
  const logFile = path.join(cache.logs, `${path.basename(build)}.log`);
  options.onProgress?.({ step: 'building', target: manifest.name, logFile });
  try {
    await mkdir(aside);
    await writeFile(logFile, '');
    for (const command of manifest.build) {
      await runBuildStep({
        name: manifest.name,
        command: command.map((word) => fillPlaceholders(word, { ...placeholders, build: aside })),
        cwd: folder,
        env: buildEnvironment(),
        logFile,
        signal: options.signal,
        remedy: `Built with ${options.toolchain.runtime} ${options.toolchain.version}.`,
      });
    }
    await rename(aside, build).catch(async (error: unknown) => {
      // Another c1m was faster. Its build has the same key, so it is the same build.
      if (!(await isThere(build))) throw error;
    });
  } finally {
    own.remove();
  }
}

function buildEnvironment(): NodeJS.ProcessEnv {
  const { env } = process;
  return {
    ...env,
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
