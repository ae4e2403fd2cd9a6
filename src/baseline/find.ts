import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/problem.js';
import { readResultFile } from '../results/reader.js';
import { matchBaseline, type Baseline } from './match.js';
import type { Wanted } from './wanted.js';

type Found =
  | { readonly found: true; readonly baseline: Baseline }
  | { readonly found: false; readonly reasons: readonly string[] };

/** Where `c1m compare` keeps results, and `latest` looks for them. */
const resultsFolder = 'results';
const mostReasons = 5;

/**
 * A stored result that fits what is wanted: the file, or the newest fitting one of a folder, or, for
 * `latest`, of ./results.
 */
export async function findBaseline(place: string, wanted: Wanted): Promise<Found> {
  const files = filesIn(place === 'latest' ? resultsFolder : place);
  if (typeof files === 'string') return { found: false, reasons: [files] };
  const read = files.map((file) => ({ file, result: readOr(file) }));
  const newestFirst = read.toSorted((a, b) => startOf(b.result) - startOf(a.result));
  const reasons: string[] = [];
  for (const { file, result } of newestFirst) {
    const match = typeof result === 'string' ? result : await matchBaseline(result, wanted);
    if (typeof match !== 'string') return { found: true, baseline: match };
    reasons.push(`${file}: ${match}`);
  }
  const more = reasons.length - mostReasons;
  return {
    found: false,
    reasons: more > 0 ? [...reasons.slice(0, mostReasons), `and ${more} more`] : reasons,
  };
}

function filesIn(place: string): string[] | string {
  try {
    if (!statSync(place).isDirectory()) return [place];
    const files = readdirSync(place).filter((name) => name.endsWith('.json'));
    if (files.length > 0) return files.map((name) => join(place, name));
    return `${place}: the folder holds no result`;
  } catch {
    return `${place}: there is no such file or folder`;
  }
}

/** The result, or what is wrong with the file. */
function readOr(file: string): ReturnType<typeof readResultFile> | string {
  try {
    return readResultFile(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message).join('; ');
  }
}

function startOf(result: ReturnType<typeof readOr>): number {
  return typeof result === 'string' ? 0 : Date.parse(result.startedAt);
}
