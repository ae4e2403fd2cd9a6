import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The user's folder for what c1m builds. It may be deleted at any time; it is then built again. */
export interface Cache {
  folder: string;
  builds: string;
  environments: string;
  logs: string;
}

interface CachePlace {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  home: string;
}

export function cacheFolder(
  { env, platform, home }: CachePlace = {
    env: process.env,
    platform: process.platform,
    home: homedir(),
  },
): string {
  const chosen = env['C1M_CACHE'];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  if (platform === 'darwin') return path.join(home, 'Library/Caches/c1m');
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData/Local'), 'c1m');
  }
  // The XDG specification has relative paths ignored.
  const xdg = env['XDG_CACHE_HOME'] ?? '';
  return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'c1m');
}

/** Of targets. */
export function buildsIn(cache: string): string {
  return path.join(cache, 'builds');
}

export async function openCache(folder = cacheFolder()): Promise<Cache> {
  const cache = {
    folder,
    builds: buildsIn(folder),
    environments: path.join(folder, 'environments'),
    logs: path.join(folder, 'logs'),
  };
  await Promise.all(
    [cache.builds, cache.environments, cache.logs].map((each) => mkdir(each, { recursive: true })),
  );
  return cache;
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
