import type { ChalkInstance } from 'chalk';
import { isLagBound } from '../measure/validity.js';
import type { Distribution } from '../results/distribution.js';
import type { Failure, RunResult, TargetResult, TrialResult } from '../results/schema.js';
import { trialTable, type Column, type Row } from './trial-table.js';
import { formatBytes, formatCount, formatMicros } from './units.js';

/** Of a target's own throughput. */
const comparableLoad = 0.5;

/** What every comparison shows. */
export const compareColumns: readonly Column[] = [
  {
    title: 'requests/s',
    value: (t) => t.load.requestsPerSecond,
    format: formatCount,
    bound: (t) => (t.load.lowerBound ? '≥ ' : ''),
    prominent: true,
  },
  { title: 'p50', value: (t) => t.latencyUs?.p50, format: formatMicros },
  {
    title: 'p99',
    value: (t) => t.latencyUs?.p99,
    format: formatMicros,
    bound: (t) => (isLagBound('p99', t.latencyUs, pacingLag(t)) ? '≤ ' : ''),
  },
  {
    title: 'p99.9',
    value: (t) => t.latencyUs?.p999,
    format: formatMicros,
    bound: (t) => (isLagBound('p999', t.latencyUs, pacingLag(t)) ? '≤ ' : ''),
  },
  { title: 'RSS idle', value: (t) => t.server?.rssIdleBytes, format: formatBytes },
  { title: 'RSS peak', value: (t) => t.server?.rssPeakBytes, format: formatBytes },
  { title: 'B/conn', value: (t) => t.server?.bytesPerConnection?.slope, format: formatCount },
  { title: 'CPU/req', value: (t) => t.server?.cpuUsPerRequest, format: formatMicros },
  {
    title: 'switches/req',
    value: (t) => t.server?.contextSwitches?.perRequest,
    format: (n) => n.toFixed(3),
  },
  {
    title: 'run queue/req',
    value: (t) => t.server?.runQueueDelayUsPerRequest,
    format: formatMicros,
  },
  { title: 'start', value: (t) => t.server?.startupMs, format: (ms) => formatMicros(ms * 1000) },
  { title: 'artifact', value: (t) => t.server?.artifactBytes, format: formatBytes },
];

/** Of the phase that the trial's latency is from. */
function pacingLag({ phases }: TrialResult): Distribution | null {
  return phases.findLast(({ kind }) => kind === 'latency')?.generator.pacingLagUs ?? null;
}

export function compareTable(rows: readonly Row[], width: number, color: ChalkInstance): string {
  return trialTable(rows, compareColumns, width, color);
}

/** What must be known before trusting the table. */
export function compareNotes(result: RunResult): string[] {
  const { cpus, warnings, targets, skipped, failures, unavailable } = result;
  const notes: string[] = [];
  const measured = targets.filter(({ trials }) => trials.length > 0);
  const plain = measured.flatMap(({ trials }) => trials.filter(({ traced }) => !traced));
  if (cpus.load !== null && cpus.target !== null) {
    notes.push(`The load ran on CPU ${cpus.load}, each target on CPU ${cpus.target}.`);
  }
  if (plain.length > measured.length) {
    notes.push('Shown: the median of the trials, and below it their spread.');
  }
  if (plain.some((trial) => trial.load.lowerBound)) {
    notes.push('≥: c1m was the limit there, the server may be faster.');
  }
  if (plain.some(({ warnings }) => warnings.some((w) => w.code === 'generator-lag-in-tail'))) {
    notes.push('≤: c1m itself was late in that share of the sends; the server may be faster.');
  }
  for (const { message, remedy } of warnings) notes.push(`! ${message}. ${remedy}.`);
  notes.push(...schedulingNotes(measured));
  for (const { name, trials } of measured) {
    const seen = new Map<string, string>();
    for (const { traced, warnings } of trials) {
      if (!traced) for (const w of warnings) seen.set(w.code, w.message);
    }
    // Its trials are among the failures.
    if (failures.some((failure) => failure.name === name)) seen.delete('target-died');
    seen.delete('generator-saturated');
    seen.delete('generator-lag-in-tail');
    for (const message of seen.values()) notes.push(`! ${name}: ${message}.`);
  }
  notes.push(...rateNotes(measured));
  for (const { name, reason, remedy } of skipped) notes.push(`! ${name}: ${reason}. ${remedy}`);
  notes.push(...failureNotes(failures));
  for (const { figure, reason } of unavailable)
    notes.push(`! No figures of the ${figure}: ${reason}.`);
  return notes;
}

/** What went wrong while the scheduling was watched, phase by phase. */
function schedulingNotes(targets: readonly TargetResult[]): string[] {
  const watched = targets.flatMap(({ trials }) => trials.filter(({ traced }) => traced));
  if (watched.length === 0) return [];
  return [
    'Scheduling was watched in a trial of its own, since that costs throughput.',
    ...targets.flatMap(({ name, trials }) =>
      trials
        .filter(({ traced }) => traced)
        .flatMap(({ phases }) => phases)
        .flatMap((phase) =>
          phase.warnings
            .filter(
              ({ code }) => code !== 'generator-lag-in-tail' && code !== 'generator-saturated',
            )
            .map(({ message }) => `! ${name}, ${phase.name}: ${message}.`),
        ),
    ),
  ];
}

/** Near its ceiling a server's latency says how long the queue is, not how fast the server is. */
function rateNotes(targets: readonly TargetResult[]): string[] {
  return targets.flatMap(({ name, trials }) => {
    const plain = trials.filter(({ traced }) => !traced);
    const shares = plain.map(({ phases, load }) => {
      const offered = phases.findLast(({ kind }) => kind === 'latency')?.load.offeredPerSecond;
      const separate = phases.some(({ kind }) => kind === 'throughput');
      if (offered === undefined || offered === null || !separate) return 0;
      return offered / load.requestsPerSecond;
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
