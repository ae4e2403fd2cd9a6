import { errorsOf } from '../figures/errors.js';
import { totalOf } from '../results/counts.js';
import type { LoadFigures, PhaseResult, Warning } from '../results/figures.js';
import type { Failure, RunResult, Skipped, TrialResult } from '../results/schema.js';
import { junitXml, type JunitCase, type JunitSuite } from './junit.js';
import { rateWord } from '../figures/unit-words.js';
import { boundedMicros, unansweredText } from './at-least.js';
import { holdsText, measuredText } from './threshold-lines.js';
import { subjectsOf, type Subject } from './subject.js';
import { reachOf } from '../figures/table.js';
import { formatCount, formatPercent } from '../basis/format.js';

/**
 * A test suite for each target, and in it a test case for each recorded phase of each trial: it
 * fails where the phase is not valid, since its figures can then not be trusted.
 */
export function resultJunit(results: readonly RunResult[]): string {
  const subjects = subjectsOf(results);
  const unmeasured = results.flatMap((result) => {
    const measured = new Set(result.targets.map(({ name }) => name));
    const failed = [...new Set(result.failures.map(({ name }) => name))]
      .filter((name) => !measured.has(name))
      .map((name) =>
        suite(name, result, failureCases(name, failuresOf(name, result)), result.warnings),
      );
    return [...failed, ...result.skipped.map((each) => skippedSuite(result, each))];
  });
  return junitXml([...subjects.map(targetSuite), ...unmeasured]);
}

function targetSuite({ label, target, result }: Subject): JunitSuite {
  const cases = [
    ...target.trials.flatMap((trial) => trialCases(label, trial)),
    ...failureCases(label, failuresOf(target.name, result)),
    ...thresholdCases(label, target.name, result),
  ];
  return suite(label, result, cases, result.warnings);
}

function suite(
  label: string,
  { startedAt, scenario }: RunResult,
  cases: readonly JunitCase[],
  warnings: readonly Warning[],
): JunitSuite {
  return {
    name: `${label}, scenario ${scenario.name}`,
    seconds: cases.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    startedAt,
    cases,
    ...(warnings.length === 0 ? {} : { output: warningText(warnings) }),
  };
}

function trialCases(label: string, trial: TrialResult): JunitCase[] {
  const number = `trial ${trial.index + 1}${trial.traced ? ', watched' : ''}`;
  const cases = trial.phases.map((phase, index): JunitCase => {
    const { valid, warnings, load, name } = phase;
    // Two phases may have one name.
    const again = trial.phases.slice(0, index).filter((each) => each.name === name).length;
    return {
      classname: classOf(label),
      name: `${number}, ${name}${again === 0 ? '' : ` (${again + 1})`}`,
      seconds: load.durationSeconds,
      outcome: valid ? 'pass' : 'failure',
      ...(valid ? {} : { message: warnings[0]?.message ?? 'The phase is not valid' }),
      output: [figuresText(phase), ...requestTexts(phase), warningText(warnings)]
        .filter((text) => text !== '')
        .join('\n'),
    };
  });
  if (trial.complete) return cases;
  const interrupted: JunitCase = {
    classname: classOf(label),
    name: `${number}, to its end`,
    outcome: 'error',
    message: 'The trial ended before all phases were measured',
    output: warningText(trial.warnings),
  };
  return [...cases, interrupted];
}

/** What was asked to hold. */
function thresholdCases(label: string, name: string, { thresholds }: RunResult): JunitCase[] {
  return thresholds
    .filter(({ target }) => target === name)
    .map((threshold) => {
      const said = `${threshold.text}: ${measuredText(threshold)}, ${holdsText(threshold)}`;
      const common = { classname: classOf(label), name: threshold.text };
      if (threshold.holds) return { ...common, outcome: 'pass', output: said };
      return { ...common, outcome: 'failure', message: said, output: '' };
    });
}

function failuresOf(target: string, { failures }: RunResult): Failure[] {
  return failures.filter(({ name }) => name === target);
}

function failureCases(label: string, failures: readonly Failure[]): JunitCase[] {
  return failures.map(({ trial, reason, remedy }) => ({
    classname: classOf(label),
    name: trial === null ? 'comes up' : `trial ${trial + 1}, without failure`,
    outcome: 'error',
    message: reason,
    output: remedy,
  }));
}

function skippedSuite(result: RunResult, { name, reason, remedy }: Skipped): JunitSuite {
  const testCase: JunitCase = {
    classname: classOf(name),
    name: 'is measured',
    outcome: 'skipped',
    message: reason,
    output: remedy,
  };
  return suite(name, result, [testCase], result.warnings);
}

/** CI systems take a point for the end of a package: those of a host would tear its name apart. */
function classOf(label: string): string {
  return `c1m.${label.replaceAll('.', '_')}`;
}

function figuresText({ load, latencyUs }: PhaseResult): string {
  return ofLoad(load, latencyUs, load);
}

function requestTexts({ requests, load }: PhaseResult): string[] {
  return requests.map((request) => `${request.name}: ${ofLoad(request, request.latencyUs, load)}`);
}

/** "500 requests/s, status 495 × 200, 5 × 404, errors 5, p50 1.2 ms, p99 3.4 ms". */
function ofLoad(
  load: Pick<LoadFigures, 'requestsPerSecond' | 'statusCodes' | 'errors' | 'errorResponses'>,
  latencyUs: PhaseResult['latencyUs'],
  whole: Pick<LoadFigures, 'lowerBound' | 'unit' | 'fanOut'>,
): string {
  const failed = totalOf(errorsOf(load));
  const codes = Object.entries(load.statusCodes).map(
    ([code, count]) => `${formatCount(count)} × ${code}`,
  );
  const reach = reachOf(whole);
  const rate = [
    `${whole.lowerBound ? '≥ ' : ''}${formatCount(load.requestsPerSecond)} ${rateWord(whole.unit)}`,
    ...(reach === null ? [] : [`reach ${formatPercent(reach)}`]),
    ...(codes.length === 0 ? [] : [`status ${codes.join(', ')}`]),
    ...(failed === 0 ? [] : [`errors ${formatCount(failed)}`]),
  ].join(', ');
  if (latencyUs === null) return rate;
  const figures = `${rate}, p50 ${boundedMicros(latencyUs, 'p50')}, p99 ${boundedMicros(latencyUs, 'p99')}`;
  return latencyUs.censored === 0 ? figures : `${figures}; ${unansweredText(latencyUs, whole)}`;
}

function warningText(warnings: readonly Warning[]): string {
  return warnings.map(({ message, remedy }) => `! ${message}. ${remedy}.`).join('\n');
}
