import { kindOfPlace } from '../process/place-kind.js';
import { resultFilesIn, resultOrReason } from '../store/reader.js';
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
  const read = files.map((file) => ({ file, result: resultOrReason(file) }));
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
    const kind = kindOfPlace(place);
    if (kind !== null && kind !== 'folder') return [place];
    const files = resultFilesIn(place);
    if (files.length > 0) return files;
    return `${place}: the folder holds no result`;
  } catch {
    return `${place}: there is no such file or folder`;
  }
}

function startOf(result: ReturnType<typeof resultOrReason>): number {
  return typeof result === 'string' ? 0 : Date.parse(result.startedAt);
}
