import { ConfigError, type Problem } from '../basis/problem.js';
import { keptCommand } from '../config/secrets.js';
import type { Contest } from '../duet/contest.js';
import type { CommandSubject, TargetSubject, UrlSubject } from '../subject/subject.js';
import { urlSubject } from '../subject/words.js';
import { readTarget } from '../targets/catalog.js';

/** How base and head are named. */
export interface ContestFlags {
  /** Git refs; without a head, the folder as it is. */
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly baseCommand?: string | undefined;
  readonly headCommand?: string | undefined;
  readonly baseTarget?: string | undefined;
  readonly headTarget?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly headUrl?: string | undefined;
  /** What is asked of a command's server. */
  readonly path?: string | undefined;
}

const ways = [
  ['base', 'head'],
  ['baseTarget', 'headTarget'],
  ['baseCommand', 'headCommand'],
  ['baseUrl', 'headUrl'],
] as const;

/**
 * Who is measured against whom. Throws a ConfigError.
 * @param folder in the repository whose refs are named
 */
export async function readContest(
  flags: ContestFlags,
  folder: string | undefined,
): Promise<Contest> {
  const way = wayOf(flags);
  switch (way) {
    case 'base':
      return { kind: 'refs', base: flags.base!, head: flags.head ?? null, folder: folder ?? '.' };
    case 'baseTarget':
      return {
        kind: 'subjects',
        base: await target(flags.baseTarget!),
        head: await target(flags.headTarget!),
      };
    case 'baseCommand': {
      const path = flags.path ?? '/';
      return {
        kind: 'subjects',
        base: command(flags.baseCommand!, path, '--base-command'),
        head: command(flags.headCommand!, path, '--head-command'),
      };
    }
    case 'baseUrl':
      return {
        kind: 'subjects',
        base: url(flags.baseUrl!, '--base-url'),
        head: url(flags.headUrl!, '--head-url'),
      };
  }
}

function wayOf(flags: ContestFlags): (typeof ways)[number][0] {
  const given = ways.filter((pair) => pair.some((flag) => flags[flag] !== undefined));
  const [way, ...others] = given;
  if (way === undefined) {
    const message = 'Nothing is named that could be compared';
    const remedy = 'Name a base: --base main, --base-command, --base-target or --base-url';
    throw new ConfigError([{ where: '--base', message, remedy }]);
  }
  if (others.length > 0) {
    const names = given.map(([base]) => flagName(base)).join(' and ');
    const remedy = 'Use one of them';
    throw new ConfigError([{ where: names, message: 'exclude each other', remedy }]);
  }
  const needed = way[0] === 'base' ? [way[0]] : way;
  const missing = needed.find((flag) => flags[flag] === undefined);
  if (missing !== undefined) {
    const other = flagName(way.find((flag) => flag !== missing)!);
    const remedy = `It goes with ${other}`;
    throw new ConfigError([{ where: flagName(missing), message: 'is missing', remedy }]);
  }
  return way[0];
}

function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function target(folder: string): Promise<TargetSubject> {
  return { kind: 'target', name: folder, target: await readTarget(folder) };
}

function command(written: string, path: string, where: string): CommandSubject {
  return { kind: 'command', name: keptCommand(written), command: written, path, where };
}

function url(written: string, flag: string): UrlSubject {
  try {
    return urlSubject([written], null);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems.map((problem): Problem => ({ ...problem, where: flag })));
  }
}
