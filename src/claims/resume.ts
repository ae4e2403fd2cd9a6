import { ConfigError } from '../basis/problem.js';
import { readHost } from '../measure/host.js';
import type { ClaimsResult } from '../results/claims.js';
import { resultFilesIn, resultOrReason } from '../store/reader.js';
import type { Claim } from './claim.js';
import type { ClaimsRequest } from './claims.js';

/**
 * The newest result of a folder, to go on with.
 * @throws ConfigError where there is none that was measured in the same way
 */
export function openEarlier(quick: boolean, folder: string): ClaimsResult {
  const earlier = newestIn(folder);
  if (earlier === null) {
    throw wrong(
      `${folder} holds no result of c1m claims`,
      'Leave --resume out, or name its folder with -o.',
    );
  }
  if (earlier.settings.quick !== quick) {
    const [was, remedy] = earlier.settings.quick
      ? ['was', 'Write --quick here as well.']
      : ['was not', 'Leave --quick out here as well.'];
    throw wrong(`${earlier.id} ${was} measured with --quick`, remedy);
  }
  if (earlier.host.fingerprint !== readHost().fingerprint) {
    throw wrong(
      `${earlier.id} was measured on another machine`,
      'Measure anew: leave --resume out.',
    );
  }
  return earlier;
}

/** What is left to measure of these claims: those that it lacks, has not ended, or has of another file. */
export function resumed(claims: readonly Claim[], earlier: ClaimsResult): ClaimsRequest {
  const { quick, asked } = earlier.settings;
  const isKept = ({ name, hash }: Claim): boolean =>
    earlier.claims.some(
      (claim) => claim.name === name && claim.hash === hash && claim.finishedAt !== null,
    );
  const added = claims.filter(({ name }) => !asked.some((each) => each.name === name));
  const settings = { quick, asked: [...asked, ...added.map(({ name, word }) => ({ name, word }))] };
  return {
    claims: claims.filter((claim) => !isKept(claim)),
    quick,
    earlier: { ...earlier, finishedAt: null, settings },
  };
}

function newestIn(folder: string): ClaimsResult | null {
  const results = filesIn(folder)
    .map(resultOrReason)
    .filter((result) => typeof result !== 'string')
    .filter((result) => result.kind === 'claims');
  return results.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).at(-1) ?? null;
}

function filesIn(folder: string): string[] {
  try {
    return resultFilesIn(folder);
  } catch {
    return [];
  }
}

function wrong(message: string, remedy: string): ConfigError {
  return new ConfigError([{ where: '--resume', message, remedy }]);
}
