import { createHash } from 'node:crypto';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runBuildStep } from './build-step.js';
import { isThere, type Cache } from '../process/cache.js';
import { withLock } from './lock.js';
import { TargetError } from './target-error.js';

interface EnvironmentRequest {
  name: string;
  requirementsFile: string;
  python: string;
  version: string;
  cache: Cache;
  signal: AbortSignal | undefined;
  onInstall: () => void;
}

interface PythonEnvironment {
  folder: string;
  python: string;
  fromCache: boolean;
  logFile: string;
}

const marker = '.c1m-complete';

/**
 * A virtual environment with these requirements, shared by all targets that ask for the same ones.
 * Its scripts carry its own path, so it cannot be built aside and renamed like other builds: it is
 * built in place under a lock, and counts only once the marker is there.
 */
export async function pythonEnvironment(request: EnvironmentRequest): Promise<PythonEnvironment> {
  const { cache, version, signal } = request;
  const key = await environmentKey(request);
  const folder = path.join(cache.environments, `python-${version}-${key}`);
  const logFile = path.join(cache.logs, `python-${version}-${key}.log`);
  const python = path.join(
    folder,
    process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
  );
  const complete = path.join(folder, marker);
  let fromCache = await isThere(complete);
  if (!fromCache) {
    const work = async () => {
      fromCache = await isThere(complete);
      if (!fromCache) await install(request, folder, python, logFile);
    };
    await withLock(`${folder}.lock`, signal, work).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
      throw new TargetError('aborted', `${request.name}: the build was aborted`);
    });
  }
  return { folder, python, fromCache, logFile };
}

async function environmentKey({ requirementsFile, python, name }: EnvironmentRequest) {
  const requirements = await readFile(requirementsFile).catch(() => {
    throw new TargetError(
      'build-failed',
      `${name}: cannot read its requirements file ${requirementsFile}`,
      'Correct "requirements" in its target.yaml; the path is relative to its folder.',
    );
  });
  // An environment only links to its interpreter, so another interpreter makes another environment.
  const interpreter = await realpath(python);
  return createHash('sha256')
    .update(JSON.stringify([interpreter, process.platform, process.arch]))
    .update(requirements)
    .digest('hex')
    .slice(0, 16);
}

async function install(
  request: EnvironmentRequest,
  folder: string,
  python: string,
  logFile: string,
): Promise<void> {
  const { name, signal, requirementsFile, onInstall } = request;
  onInstall();
  await rm(folder, { recursive: true, force: true });
  await writeFile(logFile, '');
  const commands = [
    [request.python, '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'].concat(
      '-r',
      requirementsFile,
    ),
  ];
  try {
    for (const command of commands) {
      await runBuildStep({
        name,
        command,
        cwd: path.dirname(requirementsFile),
        env: process.env,
        logFile,
        signal,
        remedy: 'Its packages come from the Python package index: check the network and the proxy.',
      });
    }
    await writeFile(path.join(folder, marker), '');
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
