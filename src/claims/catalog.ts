import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { Claim } from './claim.js';
import { loadClaim } from './claim-file.js';

// The same step up from src/claims/ and from dist/claims/.
const folder = fileURLToPath(new URL('../../scenarios/claims/', import.meta.url));
const extension = /\.ya?ml$/;

/**
 * Claims by the names of those that come with c1m, or by the paths of files; all that come with it
 * where none is named.
 * @throws ConfigError with everything that is wrong with the names, or then with the files
 */
export async function readClaims(words: readonly string[]): Promise<Claim[]> {
  const names = (await readdir(folder)).filter((file) => extension.test(file)).sort();
  const builtIn = new Map(names.map((file) => [file.replace(extension, ''), join(folder, file)]));
  const wanted = new Set(words.length > 0 ? words : builtIn.keys());
  const problems: Problem[] = [];
  const claims: Claim[] = [];
  for (const word of wanted) {
    const file =
      builtIn.get(word) ?? (word.includes('/') || extension.test(word) ? resolve(word) : null);
    if (file === null) problems.push(unknown(word, [...builtIn.keys()]));
    else await loadClaim(file, word).then((claim) => claims.push(claim), gather(problems));
  }
  for (const [index, { name, word }] of claims.entries()) {
    if (claims.findIndex((other) => other.name === name) === index) continue;
    const message = `another claim is named "${name}"`;
    problems.push({
      where: word,
      message,
      remedy: 'Measure one of them at a time, or rename one.',
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return claims;
}

function unknown(word: string, names: readonly string[]): Problem {
  const near = nearestName(word, names);
  return {
    where: word,
    message: 'there is no such claim',
    remedy: `${near === null ? '' : `Did you mean ${near}? `}Claims: ${names.join(', ')}; or name the path of a file.`,
  };
}

function gather(problems: Problem[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  };
}
