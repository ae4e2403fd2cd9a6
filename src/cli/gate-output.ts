import { appendFileSync } from 'node:fs';
import { writeWhole } from '../process/whole-file.js';
import { gateAnnotation } from '../report/gate-annotation.js';
import { gateJunit } from '../report/gate-junit.js';
import { gateMarkdown } from '../report/gate-markdown.js';
import { gateTable } from '../report/gate-table.js';
import type { GateResult } from '../results/gate.js';
import { storeResult } from '../store/writer.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { done, orFailure, shown, type Outcome } from './outcome.js';
import type { OutputPlace } from './output-places.js';
import { writeUnchecked } from './printing.js';

/** Where the result of a gate is to go besides the terminal. */
export interface GateOutputFlags {
  readonly markdown?: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly output?: string;
}

const codes: Record<GateResult['verdict'], number> = {
  pass: exitCodes.success,
  improvement: exitCodes.success,
  regression: exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
  invalid: exitCodes.invalid,
  'no-baseline': exitCodes.noBaseline,
};

/** All that a gate writes besides what it prints. */
export function gatePlaces({ markdown, junit, output }: GateOutputFlags): OutputPlace[] {
  const places: [where: string, kind: OutputPlace['kind'], place: string | undefined][] = [
    ['-o', 'folder', output],
    ['--markdown', 'file', markdown === '-' ? undefined : markdown],
    ['--junit', 'file', junit],
    [summaryVariable, 'file', stepSummary()],
  ];
  return places.flatMap(([where, kind, place]) =>
    place === undefined ? [] : { where, kind, place },
  );
}

/** The exit code of a gate says what it found; that there was no baseline a diff's says as well. */
export function reportGate(result: GateResult, flags: GateOutputFlags): Outcome {
  const decides = result.purpose === 'gate';
  const deliveries = new Deliveries();
  const file = keep(result, flags, deliveries);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (flags.markdown === '-') process.stdout.write(gateMarkdown(result));
  else process.stdout.write(`${gateTable(result, color)}\n`);
  if (file !== null && flags.json !== true) process.stdout.write(`Result  ${file}\n`);
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    writeUnchecked(process.stderr, gateAnnotation(result));
  }
  const lost = deliveries.complain();
  const code = gateCode(result, decides);
  return decides ? done(code) : shown(orFailure(code, lost));
}

/** Before anything is printed, whose reader or terminal may be gone. Each by itself. */
function keep(result: GateResult, flags: GateOutputFlags, deliveries: Deliveries): string | null {
  const { output } = flags;
  const file =
    output === undefined ? null : deliveries.keep(output, (folder) => storeResult(folder, result));
  for (const { where, place } of gatePlaces(flags)) {
    if (where === '--markdown') {
      deliveries.attempt(where, place, () => writeWhole(place, gateMarkdown(result)));
    } else if (where === '--junit') {
      deliveries.attempt(where, place, () => writeWhole(place, gateJunit(result)));
    } else if (where === summaryVariable) {
      deliveries.attempt(where, place, () => appendFileSync(place, gateMarkdown(result)));
    }
  }
  return file;
}

/** GitHub shows what is appended to this file on the page of the job. */
const summaryVariable = 'GITHUB_STEP_SUMMARY';

function stepSummary(): string | undefined {
  const file = process.env[summaryVariable];
  return file === '' ? undefined : file;
}

function gateCode({ complete, verdict }: GateResult, decides: boolean): number {
  if (!complete) return exitCodes.interrupted;
  return decides || verdict === 'no-baseline' ? codes[verdict] : exitCodes.success;
}
