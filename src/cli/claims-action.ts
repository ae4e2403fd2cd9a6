import { readClaims } from '../claims/catalog.js';
import type { Claim } from '../claims/claim.js';
import { measureClaims, type ClaimsRequest } from '../claims/claims.js';
import { needsOf } from '../claims/needs.js';
import { openEarlier, resumed } from '../claims/resume.js';
import { claimsReport } from '../report/claims/terminal.js';
import { verdictWords } from '../report/claims/words.js';
import type { ClaimsResult } from '../results/claims.js';
import { storeResult } from '../store/writer.js';
import { claimsProgress } from './claims-progress.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import type { LiveFlags } from './live-progress.js';
import { orFailure, shown, type Outcome } from './outcome.js';
import { tryOutputPlaces } from './output-places.js';
import { terminalWidth } from './terminal-width.js';

export interface ClaimsFlags extends LiveFlags {
  readonly list?: boolean;
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly output: string;
}

export async function claimsAction(
  words: readonly string[],
  flags: ClaimsFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  if (flags.list === true) return list(await readClaims(words), flags);
  giveWayToWorkers();
  const { output } = flags;
  tryOutputPlaces([{ where: '-o', place: output, kind: 'folder' }]);
  const request = await readRequest(words, flags);
  const deliveries = new Deliveries();
  let file = null as string | null;
  const store = (result: ClaimsResult): void => {
    file = deliveries.keep(output, (folder) => storeResult(folder, result)) ?? file;
  };
  const progress = claimsProgress(flags, request);
  const observer = {
    ...progress.observer,
    measured: (result: ClaimsResult, claim: ClaimsResult['claims'][number]): void => {
      store(result);
      progress.say(`${claim.name}: ${verdictWords[claim.verdict.kind]}`);
    },
  };
  const result = await measureClaims(request, observer, signal).finally(() => progress.close());
  if (result.claims.length > 0) store(result);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const report = claimsReport(result, terminalWidth(), color);
    process.stdout.write(`${report}\n\nResult      ${file ?? 'none'}\n`);
  }
  const code = signal.aborted ? exitCodes.interrupted : measuredCode(result);
  const lost = deliveries.complain();
  return { code: orFailure(code, lost), doneUnseen: file !== null && flags.json !== true };
}

/** A claim that does not hold is an answer; arms that failed are none. */
function measuredCode({ claims }: ClaimsResult): number {
  const failed = claims.some(({ arms }) => arms.some(({ failures }) => failures.length > 0));
  return failed || claims.length === 0 ? exitCodes.failure : exitCodes.success;
}

/** Without names, `--resume` goes on with those that were asked for. */
async function readRequest(
  words: readonly string[],
  { quick = false, resume, output }: ClaimsFlags,
): Promise<ClaimsRequest> {
  if (resume !== true) return { claims: await readClaims(words), quick, earlier: null };
  const earlier = openEarlier(quick, output);
  const asked = words.length > 0 ? words : earlier.settings.asked.map(({ word }) => word);
  return resumed(await readClaims(asked), earlier);
}

async function list(claims: readonly Claim[], { json }: ClaimsFlags): Promise<Outcome> {
  const needs = await needsOf(claims);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(needs, null, 2)}\n`);
    return shown();
  }
  const longest = Math.max(...needs.map(({ name }) => name.length));
  for (const { name, title, runtimes, missing } of needs) {
    const lines = [
      `${color.bold(name.padEnd(longest))}  ${title}`,
      `${' '.repeat(longest)}  ${color.dim(`needs ${runtimes.join(', ')}`)}`,
      ...missing.map(({ reason, remedy }) =>
        color.yellow(`${' '.repeat(longest)}  ! ${reason}. ${remedy}`),
      ),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return shown();
}
