import { lookup } from 'node:dns/promises';
import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { readUrls } from '../config/run-request.js';
import { keptUrl } from '../config/secrets.js';
import type { Scenario } from '../config/scenario.js';
import { loadCatalog, ofRole, readTarget, selectTargets, type Target } from '../targets/catalog.js';
import { refuseUnserved, unserved } from '../targets/served.js';
import type { ProgramSubject, RunSubject, TargetSubject, UrlSubject } from './subject.js';

/** `.`, `..`, `./server`, `/srv/server`: what looks like a path is one. */
const folder = /^(\.{0,2}\/|\.{1,2}$)/;
/** What may be the name of a target, and a host without a dot. */
const bareWord = /^[a-z0-9-]+$/;

/**
 * What words stand for: the folder of a target, the name of one in the catalogue, or else URLs, which
 * share a path and the connections. Throws a ConfigError with all that is wrong.
 * @param folders with further targets than the reference ones
 * @param pid of the server at the URLs
 */
export async function readSubject(
  words: readonly string[],
  folders: readonly string[],
  pid: number | null,
): Promise<RunSubject> {
  const catalog = words.some((word) => bareWord.test(word)) ? await loadCatalog(folders) : [];
  const isTarget = (word: string): boolean =>
    folder.test(word) || catalog.some(({ manifest }) => manifest.name === word);
  const [only, ...others] = words;
  if (only === undefined || !words.some(isTarget)) {
    await refuseStrangers(words, catalog);
    return urlSubject(words, pid);
  }
  const problems: Problem[] = [];
  if (others.length > 0) problems.push(...words.filter(isTarget).map(notAlone));
  else if (pid !== null) problems.push(ownProcess(only));
  if (problems.length > 0) throw new ConfigError(problems);
  return { kind: 'target', name: only, target: await targetOf(only, catalog) };
}

/**
 * Servers by name, by runtime or by family; all without any. Of a group, those that can answer the
 * load. Throws a ConfigError, also where one that was named cannot, or none of a group.
 */
export async function readTargets(
  names: readonly string[],
  folders: readonly string[],
  load: Scenario,
): Promise<TargetSubject[]> {
  const catalog = await loadCatalog(folders);
  const answers = (target: Target): boolean => unserved(target, load) === null;
  const selected = selectTargets(catalog, names);
  // A name, or the name of a group, is there for one that is measured at the least.
  const inVain = names
    .map((name) => selectTargets(catalog, [name]))
    .filter((named) => !named.some(answers))
    .flat();
  refuseUnserved(selected.some(answers) ? inVain : selected, load, catalog);
  return selected.filter(answers).map(targetSubject);
}

/** The same, whatever they answer. */
export async function namedTargets(
  names: readonly string[],
  folders: readonly string[],
): Promise<TargetSubject[]> {
  return selectTargets(await loadCatalog(folders), names).map(targetSubject);
}

/** The same of programs, which `c1m wakeup` measures. */
export async function readPrograms(
  names: readonly string[],
  folders: readonly string[],
): Promise<ProgramSubject[]> {
  const targets = selectTargets(await loadCatalog(folders), names, 'program');
  return targets.map((target) => ({ kind: 'program', name: target.manifest.name, target }));
}

/** Throws a ConfigError with all that are no URLs. */
export function urlSubject(words: readonly string[], pid: number | null): UrlSubject {
  const problems: Problem[] = [];
  const urls = readUrls(words, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const name = urls.length === 1 ? urls[0]!.href : words.map(keptUrl).join(' ');
  return { kind: 'urls', name, urls, pid };
}

function targetSubject(target: Target): TargetSubject {
  return { kind: 'target', name: target.manifest.name, target };
}

async function targetOf(word: string, catalog: readonly Target[]): Promise<Target> {
  return folder.test(word) ? readTarget(word) : selectTargets(catalog, [word])[0]!;
}

function notAlone(word: string): Problem {
  const message = 'is a target, of which a run takes one, and no URL beside it';
  return { where: word, message, remedy: 'Measure several side by side with: c1m compare' };
}

function ownProcess(word: string): Problem {
  const message = `is for a server that runs already; ${word} is started, and measured, by c1m`;
  return { where: '--pid', message, remedy: 'Leave it out, or name the URL of the server.' };
}

/** A bare word that is neither a target nor a host is most likely a slip of the pen. */
async function refuseStrangers(
  words: readonly string[],
  catalog: readonly Target[],
): Promise<void> {
  const names = ofRole(catalog, 'server').map(({ manifest }) => manifest.name);
  const problems: Problem[] = [];
  for (const word of words.filter((each) => bareWord.test(each))) {
    if (await isHost(word)) continue;
    const near = nearestName(word, names);
    const remedy = 'Write a URL such as http://localhost:8080/, or a target of: c1m targets list';
    problems.push({
      where: word,
      message: 'is neither a target nor a host that is known here',
      remedy: near === null ? remedy : `Did you mean ${near}? ${remedy}`,
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function isHost(word: string): Promise<boolean> {
  return lookup(word).then(
    () => true,
    () => false,
  );
}
