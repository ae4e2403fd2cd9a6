import { isLowerBound } from '../results/distribution.js';
import type { Warning } from '../results/figures.js';
import type { Failure, RunResult, TargetResult } from '../results/schema.js';
import { lastPhase } from '../figures/trial-phases.js';
import { atLeastMeaning, unansweredText } from './at-least.js';
import { figureColumn, rankedColumn } from './figure-column.js';
import { protocolsOf } from './spoken.js';
import { streamColumns } from './stream-columns.js';
import { figureOf, type Column } from './trial-table.js';
import { formatCount } from '../basis/format.js';

/** Of a target's own throughput. */
const comparableLoad = 0.5;

/** What every comparison shows. */
export const compareColumns: readonly Column[] = [
  rankedColumn('requestsPerSecond', { prominent: true }),
  rankedColumn('p50'),
  rankedColumn('p99'),
  figureColumn('p999'),
  ...streamColumns(rankedColumn),
  rankedColumn('rssIdle'),
  rankedColumn('rssPeak'),
  rankedColumn('bytesPerConnection', { format: formatCount }),
  rankedColumn('cpuUsPerRequest'),
  figureColumn('contextSwitchesPerRequest'),
  figureColumn('runQueueDelayUsPerRequest'),
  rankedColumn('startup'),
  figureColumn('artifact'),
  // Of fan-outs.
  { ...rankedColumn('reach'), optional: true },
  { ...figureColumn('deliveriesPerSecond'), optional: true },
];

/** What must be known before trusting the table. */
export function compareNotes(result: RunResult): string[] {
  const { cpus, warnings, targets, skipped, failures, unavailable } = result;
  const notes: string[] = [];
  const measured = targets.filter(({ trials }) => trials.length > 0);
  const plain = measured.flatMap(({ trials }) => trials.filter(({ traced }) => !traced));
  if (cpus.load !== null && cpus.target !== null) {
    notes.push(`The load ran on CPU ${cpus.load}, each target on CPU ${cpus.target}.`);
  }
  const protocols = protocolsOf(plain);
  if (protocols !== '') notes.push(`The load went over ${protocols}.`);
  const remedyFor = (code: string): string => {
    const found = plain.flatMap((trial) => trial.warnings).find((w) => w.code === code);
    return found === undefined ? '' : ` ${found.remedy}.`;
  };
  if (plain.some(({ load }) => load.fanOut !== null)) {
    notes.push('Latencies are of deliveries, from when a message should have been published.');
  }
  if (plain.some((trial) => trial.load.lowerBound)) {
    const remedy = remedyFor('generator-saturated');
    notes.push(`≥: c1m was the limit there, the server may be faster.${remedy}`);
  }
  if (remedyFor('generator-lag-in-tail') !== '') {
    const remedy = remedyFor('generator-lag-in-tail');
    notes.push(
      `≤: c1m itself was late in that share of the sends; the server may be faster.${remedy}`,
    );
  }
  notes.push(...unansweredNotes(measured));
  if (measured.some(hasInvalidFigure)) {
    notes.push('! before a figure: not valid, for the reasons below; it is not ranked.');
  }
  for (const { message, remedy } of warnings) notes.push(`! ${message}. ${remedy}.`);
  notes.push(...schedulingNotes(measured));
  notes.push(...warningNotes(measured.flatMap((target) => trialWarnings(target, failures))));
  notes.push(...rateNotes(measured));
  for (const { name, reason, remedy } of skipped) notes.push(`! ${name}: ${reason}. ${remedy}`);
  notes.push(...failureNotes(failures));
  for (const { figure, reason } of unavailable)
    notes.push(`! No figures of the ${figure}: ${reason}.`);
  return notes;
}

function hasInvalidFigure({ trials }: TargetResult): boolean {
  const plain = trials.filter(({ traced }) => !traced);
  return compareColumns.some((column) => figureOf(column, plain, '')?.mark === '! ');
}

/** What the mark ≥ of a latency means, with the trial of each target that it struck most. */
export function unansweredNotes(targets: readonly TargetResult[]): string[] {
  const struck = targets.flatMap(({ name, trials }) => {
    const bounded = trials.flatMap(({ traced, latencyUs, load }) => {
      const shown = (['p50', 'p99', 'p999'] as const).some((each) => isLowerBound(latencyUs, each));
      return !traced && latencyUs !== null && shown ? [{ latencyUs, load }] : [];
    });
    const [most] = bounded.sort((a, b) => b.latencyUs.censored - a.latencyUs.censored);
    return most === undefined ? [] : [`${name}: ${unansweredText(most.latencyUs, most.load)}`];
  });
  return struck.length === 0
    ? []
    : [`≥ of a latency: ${struck.join('; ')}; they ${atLeastMeaning}.`];
}

interface Said {
  readonly who: string;
  readonly warning: Warning;
}

/** Those that the marks of the table do not tell already. */
function trialWarnings({ name, trials }: TargetResult, failures: readonly Failure[]): Said[] {
  const seen = new Map<string, Warning>();
  for (const { traced, warnings } of trials) {
    if (!traced) for (const warning of warnings) seen.set(warning.code, warning);
  }
  // Its trials are among the failures.
  if (failures.some((failure) => failure.name === name)) seen.delete('target-died');
  for (const code of marked) seen.delete(code);
  return [...seen.values()].map((warning) => ({ who: name, warning }));
}

const marked = ['generator-saturated', 'generator-lag-in-tail'];

/** Those of one kind one after the other, with their remedy once. */
function warningNotes(said: readonly Said[]): string[] {
  const kinds = new Map<string, Said[]>();
  for (const each of said) {
    const key = JSON.stringify([each.warning.code, each.warning.remedy]);
    kinds.set(key, [...(kinds.get(key) ?? []), each]);
  }
  return [...kinds.values()].flatMap((alike) =>
    alike.map(({ who, warning: { message, remedy } }, place) => {
      const last = place === alike.length - 1;
      return `! ${who}: ${message}.${last ? `\n  ${remedy}.` : ''}`;
    }),
  );
}

/** What went wrong while the scheduling was watched, phase by phase. */
function schedulingNotes(targets: readonly TargetResult[]): string[] {
  const watched = targets.flatMap(({ trials }) => trials.filter(({ traced }) => traced));
  if (watched.length === 0) return [];
  return [
    'Scheduling was watched in a trial of its own, since that costs throughput.',
    ...warningNotes(
      targets.flatMap(({ name, trials }) =>
        trials
          .filter(({ traced }) => traced)
          .flatMap(({ phases }) => phases)
          .flatMap((phase) =>
            phase.warnings
              .filter(({ code }) => !marked.includes(code))
              .map((warning) => ({ who: `${name}, ${phase.name}`, warning })),
          ),
      ),
    ),
  ];
}

/** Near its ceiling a server's latency says how long the queue is, not how fast the server is. */
function rateNotes(targets: readonly TargetResult[]): string[] {
  return targets.flatMap(({ name, trials }) => {
    const plain = trials.filter(({ traced }) => !traced);
    const shares = plain.map((trial) => {
      const offered = lastPhase(trial, 'latency')?.load.offeredPerSecond;
      const separate = lastPhase(trial, 'throughput') !== undefined;
      if (offered === undefined || offered === null || !separate) return 0;
      return offered / trial.load.requestsPerSecond;
    });
    if (Math.max(...shares) <= comparableLoad) return [];
    return [
      `! ${name}: the latency’s rate is over half of what it can do; lower the scenario’s rate.`,
    ];
  });
}

/** One for each target and reason, with the trials that it struck, counted from 1. */
function failureNotes(failures: readonly Failure[]): string[] {
  const alike = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.name, failure.reason]);
    alike.set(key, [...(alike.get(key) ?? []), failure]);
  }
  return [...alike.values()].map((group) => {
    const { name, reason, remedy } = group[0]!;
    const trials = group.flatMap(({ trial }) => (trial === null ? [] : [trial + 1]));
    const when =
      trials.length === 0
        ? 'could not be built'
        : `failed in trial${trials.length === 1 ? '' : 's'} ${trials.join(', ')}`;
    return `! ${name} ${when}: ${reason}\n  ${remedy}`;
  });
}
