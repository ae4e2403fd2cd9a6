import { appendFileSync, writeFileSync } from 'node:fs';
import { FlagReader } from '../config/flag-reader.js';
import { readRunRequest } from '../config/run-request.js';
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
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { BudgetCourse } from './live-course.js';
import { LiveProgress, nowSeconds, type LiveFlags } from './live-progress.js';

export interface GateFlags extends ContestFlags, CpuFlags, LiveFlags {
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
  const { connections, ratePerSecond, budgetSeconds } = readNumbers(flags);
  const allowed = allowedChanges(flags.allow ?? []);
  const { scenario } = await readRunRequest({ scenario: flags.scenario ?? 'smoke' }, []);
  const asked = requestsOf(scenario, flags);
  const contest = await openContest(flags, target, signal);
  const course = new BudgetCourse(nowSeconds(), budgetSeconds);
  const live = new LiveProgress(flags, course, null);
  /** What comes next; without a view a line of its own. */
  const next = (text: string): void => {
    course.label = text;
    if (!live.isView) live.say(text);
  };
  try {
    const known = [...allowed].filter(([name]) => contest.metrics.includes(name));
    const request = {
      contenders: contest.contenders,
      scenario: asked,
      allowed: new Map(known),
      ...{ budgetSeconds, connections, ratePerSecond },
      loadCpus: flags.loadCpus,
      targetCpus: flags.targetCpus,
    };
    const observer = {
      scouting: () => next('looking for the rate'),
      pair: (index: number, set: string, undecided: number) =>
        next(
          `pair ${index + 1}${set === 'second' ? ', to confirm or refute' : ''}: ${undecided} of ${known.length} metrics open`,
        ),
      measured: (index: number, pair: { valid: boolean; reason?: string }) => {
        if (!pair.valid) live.say(`pair ${index + 1} does not count: ${pair.reason ?? ''}`);
      },
    };
    const result = await gate(request, observer, signal).finally(() => live.close());
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
  else process.stdout.write(`${gateTable(result, color)}\n`);
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

type Asked = Awaited<ReturnType<typeof readRunRequest>>['scenario'];

/** Of the flags or the scenario's own; a target answers /plaintext, a command's server its root. */
function requestsOf(scenario: Asked, { path, baseCommand, baseUrl }: GateFlags): Asked {
  const root = baseCommand === undefined && baseUrl === undefined ? '' : '/';
  const requests = scenario.requests.map((request) => ({
    ...request,
    path: path ?? (request.path === '' ? root : request.path),
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
