import type { PhaseResult } from '../results/figures.js';
import type { ProbeFigures } from '../results/probe.js';
import type { Row } from './trial-table.js';
import { formatCount, formatMicros } from '../basis/format.js';

/** What each target's runtime says of itself, a line for each load at which it was asked. */
export function probeLines(rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ label, target }) =>
    target.trials
      .flatMap(({ phases }) => phases)
      .flatMap((phase) => {
        const probe = phase.server?.probe ?? null;
        return probe === null ? [] : [`  ${label}, ${loadOf(phase)}: ${said(probe)}`];
      }),
  );
  return lines.length === 0 ? [] : ['What the runtimes say of themselves:', ...lines];
}

function loadOf({ load }: PhaseResult): string {
  return `${formatCount(load.offeredPerSecond ?? load.requestsPerSecond)}/s`;
}

function said({ samples, taskKind, histograms, missed }: ProbeFigures): string {
  const tasks = samples.flatMap((sample) => (sample.tasks === null ? [] : [sample.tasks]));
  const parts = [
    ...(taskKind === null || tasks.length === 0 ? [] : [`${Math.max(...tasks)} ${taskKind}`]),
    ...Object.entries(histograms).flatMap(([name, histogram]) => {
      const count = histogram.counts.reduce((sum, n) => sum + n, 0);
      if (count === 0 || !name.endsWith('Us')) return [];
      const [p50, p99] = [0.5, 0.99].map((share) => upperBound(histogram, share * count));
      return [`${inWords(name)} p50 ${p50}, p99 ${p99}`];
    }),
    ...(missed === 0 ? [] : [`${missed} questions unanswered`]),
  ];
  return parts.join('; ');
}

/** `schedulingLatencyUs` → `scheduling latency`. */
function inWords(name: string): string {
  return name
    .slice(0, -'Us'.length)
    .replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`)
    .trim();
}

/** The end of the bucket that holds the value of this rank. */
function upperBound({ bounds, counts }: ProbeFigures['histograms'][string], rank: number): string {
  let below = 0;
  for (const [bucket, bound] of bounds.entries()) {
    below += counts[bucket]!;
    if (below >= rank) return `≤ ${formatMicros(bound)}`;
  }
  return `> ${formatMicros(bounds.at(-1)!)}`;
}
