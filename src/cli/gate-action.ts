import { appendFileSync, writeFileSync } from 'node:fs';
import chalk from 'chalk';
import { FlagReader } from '../config/flag-reader.js';
import { readRunRequest } from '../config/run-request.js';
import type { Scenario } from '../config/scenario.js';
import { parseCount, parseDuration, parseSteadyRate } from '../config/units.js';
import { openContest, type ContestFlags } from '../duet/contest.js';
import { gate } from '../duet/gate.js';
import type { CpuFlags } from '../experiment/cpu-sides.js';
import { allowedChanges } from '../gate/allowed-change.js';
import { gateAnnotation } from '../report/gate-annotation.js';
import { gateJunit } from '../report/gate-junit.js';
import { gateMarkdown } from '../report/gate-markdown.js';
import { gateTable } from '../report/gate-table.js';
import type { GateResult } from '../results/gate.js';
import { storeResult } from '../results/store.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';

export interface GateFlags extends ContestFlags, CpuFlags {
  readonly scenario?: string;
  readonly connections?: string;
  readonly rate?: string;
  readonly allow?: string[];
  readonly budget?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly output?: string;
}

const defaultConnections = 32;
const defaultBudgetSeconds = 180;

const codes: Record<GateResult['verdict'], number> = {
  pass: exitCodes.success,
  improvement: exitCodes.success,
  regression: exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
  invalid: exitCodes.invalid,
};

/** @param decides whether the exit code says what was found */
export async function gateAction(
  target: string | undefined,
  flags: GateFlags,
  decides: boolean,
  signal: AbortSignal,
): Promise<void> {
  giveWayToWorkers();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const { connections, ratePerSecond, budgetSeconds } = readNumbers(flags);
  const allowed = allowedChanges(flags.allow ?? []);
  const { scenario } = await readRunRequest({ scenario: flags.scenario ?? 'smoke' }, []);
  const contest = await openContest(flags, target, signal);
  try {
    const known = [...allowed].filter(([name]) => contest.metrics.includes(name));
    const request = {
      contenders: contest.contenders,
      scenario: withPath(scenario, flags.path, contest.path),
      allowed: new Map(known),
      ...{ budgetSeconds, connections, ratePerSecond },
      loadCpus: flags.loadCpus,
      targetCpus: flags.targetCpus,
    };
    const observer = {
      scouting: () => say('looking for the rate'),
      pair: (index: number, set: string, undecided: number) =>
        say(
          `pair ${index + 1}${set === 'second' ? ', to confirm or refute' : ''}: ${undecided} of ${known.length} metrics open`,
        ),
      measured: (index: number, pair: { valid: boolean; reason?: string }) => {
        if (!pair.valid) say(`pair ${index + 1} does not count: ${pair.reason ?? ''}`);
      },
    };
    const result = await gate(request, observer, signal);
    report(result, flags);
    if (!result.complete) process.exitCode = exitCodes.interrupted;
    else if (decides) process.exitCode = codes[result.verdict];
  } finally {
    await contest.end();
  }
}

function report(result: GateResult, flags: GateFlags): void {
  // First what people wait for: a disk that is full must not cost it.
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (flags.markdown === '-') process.stdout.write(gateMarkdown(result));
  else process.stdout.write(`${gateTable(result, chalk)}\n`);
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stderr.write(gateAnnotation(result));
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

function withPath(scenario: Scenario, path: string | undefined, usual: string): Scenario {
  const requests = scenario.requests.map((request) => ({
    ...request,
    path: path ?? (request.path === '' ? usual : request.path),
  }));
  return { ...scenario, requests };
}

function readNumbers(flags: GateFlags) {
  const flag = new FlagReader();
  const budgetMicros = flag.read('--budget', flags.budget, parseDuration);
  const numbers = {
    connections: flag.read('--connections', flags.connections, parseCount) ?? defaultConnections,
    ratePerSecond: flag.read('--rate', flags.rate, parseSteadyRate),
    budgetSeconds: budgetMicros === null ? defaultBudgetSeconds : budgetMicros / 1e6,
  };
  flag.end();
  return numbers;
}
