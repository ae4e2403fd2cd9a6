import Table from 'cli-table3';
import type { RunResult, TrialResult } from '../results/schema.js';
import { formatBytes, formatCount, formatMicros } from './units.js';

interface Column {
  readonly title: string;
  readonly value: (trial: TrialResult) => number | null | undefined;
  readonly format: (value: number) => string;
}

const columns: readonly Column[] = [
  { title: 'requests/s', value: (t) => t.load.requestsPerSecond, format: formatCount },
  { title: 'p50', value: (t) => t.latencyUs?.p50, format: formatMicros },
  { title: 'p99', value: (t) => t.latencyUs?.p99, format: formatMicros },
  { title: 'p99.9', value: (t) => t.latencyUs?.p999, format: formatMicros },
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

/** One row per target: the median over its trials, and below it the lowest and the highest. */
function compareTable(result: RunResult): string {
  const table = new Table({
    head: ['target', ...columns.map(({ title }) => title)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const { name, trials } of result.targets) {
    if (trials.length === 0) continue;
    const bounded = trials.some((trial) => trial.load.lowerBound);
    table.push([
      name,
      ...columns.map(({ value, format }, i) => {
        const values = trials.map(value).filter((v) => v !== null && v !== undefined);
        return cell(
          values.sort((a, b) => a - b),
          format,
          i === 0 && bounded,
        );
      }),
    ]);
  }
  return table.toString();
}

function cell(sorted: number[], format: (value: number) => string, bounded: boolean): string {
  const lowest = sorted[0];
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) return '–';
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  const text = `${bounded ? '≥ ' : ''}${format(median)}`;
  return sorted.length === 1 ? text : `${text}\n${format(lowest)}–${format(highest)}`;
}

/** The table, and what must be known before trusting it. */
export function compareReport(result: RunResult): string {
  const { cpus, targets, skipped } = result;
  const lines = [
    compareTable(result),
    'Median of the trials; below it the lowest and the highest.',
  ];
  if (cpus.load === cpus.target) {
    lines.push('Load and target shared all CPUs, so each disturbed the other.');
  } else
    lines.push(`The load ran on CPU ${cpus.load ?? '?'}, the target on CPU ${cpus.target ?? '?'}.`);
  if (targets.some((target) => target.trials.some((trial) => trial.load.lowerBound))) {
    lines.push('≥: c1m was the limit there, the server may be faster.');
  }
  for (const { name, trials } of targets) {
    const seen = new Map<string, string>();
    for (const { warnings } of trials) for (const w of warnings) seen.set(w.code, w.message);
    seen.delete('generator-saturated');
    for (const message of seen.values()) lines.push(`! ${name}: ${message}.`);
  }
  for (const { name, reason } of skipped) lines.push(`! ${name} is missing: ${reason}`);
  return lines.join('\n');
}
