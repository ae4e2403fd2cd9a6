import { nothingAsked } from '../config/asked-load.js';
import { readCpuFlags } from '../config/cpu-flags.js';
import { urlDescriber } from '../config/describing-url.js';
import { FlagReader } from '../config/flag-reader.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { parsePath } from '../config/request-syntax.js';
import { settleRun } from '../config/run-request.js';
import { openScenario } from '../config/scenario-catalog.js';
import { requestBreaches } from '../config/scenario-rules.js';
import type { Scenario } from '../config/scenario.js';
import { parseStreamFormat } from '../config/stream-format.js';
import type { TargetUrl } from '../config/target-url.js';
import { refuseSharedSocket } from '../config/unix-rules.js';
import { parseCount, parseDuration, parseSteadyRate } from '../basis/units.js';
import { noDetours } from '../load/detours.js';
import { openContest, type Contest } from '../duet/contest.js';
import { gate } from '../duet/gate.js';
import { usualSeconds, type Forecast } from '../duet/time-budget.js';
import type { Allowances } from '../gate/allowance.js';
import { allowedChanges, defaultAllowances } from '../gate/allowance-flag.js';
import { metrics, metricsOf, onlyOf, type MetricName } from '../gate/metric.js';
import { asksForStreams } from '../load/plan.js';
import { readAllowedCpus } from '../measure/cpus.js';
import type { GatePurpose } from '../results/gate.js';
import { baselineAction } from './baseline-action.js';
import { readContest } from './contest-flags.js';
import { forecastWords } from './forecast-words.js';
import { detectFlag } from './detect-flag.js';
import type { GateFlags } from './gate-flags.js';
import { gatePlaces, reportGate } from './gate-output.js';
import { readGateTls } from './gate-tls.js';
import { giveWayToWorkers } from './helper-threads.js';
import { BudgetCourse } from './live-course.js';
import { LiveProgress, nowSeconds } from './live-progress.js';
import type { Outcome } from './outcome.js';
import { tryOutputPlaces } from './output-places.js';

const defaultConnections = 32;

export async function gateAction(
  target: string | undefined,
  flags: GateFlags,
  purpose: GatePurpose,
  signal: AbortSignal,
): Promise<Outcome> {
  giveWayToWorkers();
  tryOutputPlaces(gatePlaces(flags));
  if (flags.baseline !== undefined) {
    await readGateTls(flags, []);
    return baselineAction(flags.baseline, target, flags, purpose, signal);
  }
  refuseTrials(flags);
  const { connections, ratePerSecond, budgetSeconds, path, stream, cpus } = readOwn(flags);
  const named = await readContest(flags, target);
  const urls = urlsOf(named);
  const tls = await readGateTls(flags, urls);
  const describer = urlDescriber(urls[0], { tls, unix: null, detours: noDetours });
  const base = await openScenario(flags.scenario ?? 'smoke', describer);
  refuseSharedSocket(base);
  const { scenario } = settleRun({ ...nothingAsked, scenario: base, tls, stream }, urls, []);
  if (scenario.fanOut) throw new ConfigError([noDuet]);
  const allowed = allowedOf(scenario, flags);
  const detect = detectFlag(flags, allowed);
  if (path !== null) refusePlaceholders(path, scenario);
  const contest = await openContest(named, signal);
  const course = new BudgetCourse(nowSeconds(), budgetSeconds ?? usualSeconds);
  const live = new LiveProgress(flags, course, null);
  /** What comes next; without a view a line of its own. */
  const next = (text: string): void => {
    course.label = text;
    if (!live.isView) live.say(text);
  };
  try {
    const known = [...allowed].filter(([name]) => contest.metrics.includes(name));
    const request = {
      purpose,
      contenders: contest.contenders,
      scenario: path === null ? contest.placed(scenario) : withPath(scenario, path),
      allowed: new Map(known),
      detect,
      ...{ budgetSeconds, connections, ratePerSecond, cpus },
    };
    const observer = {
      scouting: () => next('looking for the rate, and how many connections can be held'),
      pair: (index: number, set: string, wanted: readonly MetricName[]) => {
        const open = `${wanted.length} of ${known.length} metrics open`;
        const suspected = `to confirm or refute ${wanted.map((it) => metrics[it].label).join(', ')}`;
        next(`pair ${index + 1}: ${set === 'second' ? suspected : open}`);
      },
      measured: (index: number, pair: { valid: boolean; reason?: string }) => {
        if (!pair.valid) live.say(`pair ${index + 1} does not count: ${pair.reason ?? ''}`);
      },
      forecast: (forecast: Forecast) => {
        course.seconds = forecast.budgetSeconds;
        live.say(forecastWords(forecast));
      },
    };
    const result = await gate(request, observer, signal).finally(() => live.close());
    return reportGate(result, flags);
  } finally {
    contest.end();
  }
}

const noDuet: Problem = {
  where: '--scenario',
  message:
    'a fan-out has no duet: its publisher sets how much is sent, so there is no full load to compare at, and a slice of 100 ms holds too few messages for a percentile',
  remedy: 'Compare both with c1m compare, or gate against a stored result of it with --baseline.',
};

/** The metrics that the load has, and the change that is allowed of each. */
function allowedOf(scenario: Scenario, { allow = [] }: GateFlags): Allowances {
  const known = metricsOf({ streams: asksForStreams(scenario) });
  const allowed = allowedChanges(allow, defaultAllowances(known));
  const strangers = [...allowed.keys()].filter((name) => !known.includes(name));
  if (strangers.length === 0) return allowed;
  throw new ConfigError(strangers.map(notOfThisLoad));
}

function notOfThisLoad(name: MetricName): Problem {
  return onlyOf(name) === 'streams'
    ? {
        where: '--allow',
        message: `${name} is of streams of events, and none is asked for`,
        remedy: 'Ask for them with --stream, or stream: in the scenario.',
      }
    : {
        where: '--allow',
        message: `${name} is of a fan-out, which is gated on against a stored result only`,
        remedy: 'Measure with c1m compare or c1m run, and give --baseline.',
      };
}

/** Their path and credentials are what both are asked for. */
function urlsOf(contest: Contest): TargetUrl[] {
  if (contest.kind === 'refs') return [];
  return [contest.base, contest.head].flatMap((subject) =>
    subject.kind === 'urls' ? subject.urls : [],
  );
}

/** Those that are none, and columns that the scenario's data does not have. */
function refusePlaceholders(path: string, { data }: Scenario): void {
  const [breach] = requestBreaches({ path, headers: [], body: null }, data);
  if (breach === undefined) return;
  const { message, remedy } = breach;
  throw new ConfigError([{ where: '--path', message, remedy }]);
}

function withPath(scenario: Scenario, path: string): Scenario {
  return { ...scenario, requests: scenario.requests.map((request) => ({ ...request, path })) };
}

function refuseTrials({ trials }: GateFlags): void {
  if (trials === undefined) return;
  const message = 'is for --baseline: a duet adds pairs until it can decide';
  throw new ConfigError([{ where: '--trials', message, remedy: 'Bound it with --budget.' }]);
}

function readOwn(flags: GateFlags) {
  const problems: Problem[] = [];
  const flag = new FlagReader(problems);
  const budgetMicros = flag.read('--budget', flags.budget, parseDuration);
  const read = {
    cpus: readCpuFlags(flags, readAllowedCpus(), problems),
    path: flag.read('--path', flags.path, parsePath),
    stream: flag.read('--stream', flags.stream, parseStreamFormat),
    connections: flag.read('--connections', flags.connections, parseCount) ?? defaultConnections,
    ratePerSecond: flag.read('--rate', flags.rate, parseSteadyRate),
    budgetSeconds: budgetMicros === null ? null : budgetMicros / 1e6,
  };
  flag.end();
  return read;
}
