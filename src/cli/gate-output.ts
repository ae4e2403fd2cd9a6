import { appendFileSync, writeFileSync } from 'node:fs';
import { gateAnnotation } from '../report/gate-annotation.js';
import { gateJunit } from '../report/gate-junit.js';
import { gateMarkdown } from '../report/gate-markdown.js';
import { gateTable } from '../report/gate-table.js';
import type { GateResult } from '../results/gate.js';
import { storeResult } from '../results/store.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
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

/** @param decides whether the exit code says what was found; that there was no baseline it always says */
export function gateCode(result: GateResult, decides: boolean): number {
  if (!result.complete) return exitCodes.interrupted;
  return decides || result.verdict === 'no-baseline' ? codes[result.verdict] : exitCodes.success;
}

export function reportGate(result: GateResult, flags: GateOutputFlags): void {
  // First what people wait for: a disk that is full must not cost it.
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (flags.markdown === '-') process.stdout.write(gateMarkdown(result));
  else process.stdout.write(`${gateTable(result, color)}\n`);
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    writeUnchecked(process.stderr, gateAnnotation(result));
  }
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') appendFileSync(summary, gateMarkdown(result));
  if (flags.markdown !== undefined && flags.markdown !== '-') {
    writeFileSync(flags.markdown, gateMarkdown(result));
  }
  if (flags.junit !== undefined) writeFileSync(flags.junit, gateJunit(result));
  if (flags.output !== undefined) {
    const file = storeResult(flags.output, result);
    if (flags.json !== true) process.stdout.write(`Result  ${file}\n`);
  }
}
