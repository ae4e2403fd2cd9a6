import type { ProbeFigures, ProbeHistogram } from '../../results/probe.js';
import type { ProbeAnswer } from './answer.js';

/** An answer, and when it came. */
export interface ProbeSample {
  readonly atSeconds: number;
  readonly answer: ProbeAnswer;
}

type OverTheWindow = Omit<ProbeFigures, 'missed' | 'problem'>;

/**
 * What happened between the first sample and the last, as probes count since their start. A figure
 * that fell, or a histogram whose bounds changed, is left out: it was not cumulative.
 * @param replicas the samples of each, in the order of time
 */
export function overTheWindow(replicas: readonly (readonly ProbeSample[])[]): OverTheWindow {
  const answering = replicas.filter((samples) => samples.length > 0);
  const first = answering[0]?.[0]?.answer ?? null;
  const spans = answering.map((samples) => samples.at(-1)!.atSeconds - samples[0]!.atSeconds);
  const kinds = replicas.flat().map(({ answer }) => answer.tasks?.kind);
  return {
    runtime: first?.runtime ?? null,
    version: first?.version ?? null,
    taskKind: kinds.find((kind) => kind !== undefined) ?? null,
    samples: replicas
      .flatMap((samples, replica) => samples.map((sample) => seriesEntry(sample, replica)))
      .sort((a, b) => a.atSeconds - b.atSeconds),
    spanSeconds: spans.length === 0 ? 0 : spans.reduce((sum, span) => sum + span) / spans.length,
    counters: summed(
      answering,
      ({ counters }) => counters,
      counterRise,
      (a, b) => a + b,
    ),
    histograms: summed(answering, ({ histograms }) => histograms, histogramRise, addHistograms),
  };
}

function seriesEntry(
  { atSeconds, answer }: ProbeSample,
  replica: number,
): ProbeFigures['samples'][number] {
  return { atSeconds, replica, tasks: answer.tasks?.count ?? null, gauges: answer.gauges };
}

/** Differences within each replica, then their sum; a figure that one of them lacks is left out. */
function summed<Figure>(
  replicas: readonly (readonly ProbeSample[])[],
  figuresOf: (answer: ProbeAnswer) => Readonly<Record<string, Figure>>,
  rise: (first: Figure, last: Figure) => Figure | null,
  add: (a: Figure, b: Figure) => Figure | null,
): Record<string, Figure> {
  const named = replicas.map((samples) => samples.map(({ answer }) => figuresOf(answer)));
  const names = new Set(named.flat().flatMap((figures) => Object.keys(figures)));
  const sums: Record<string, Figure> = {};
  for (const name of names) {
    const rises = named.map((samples) => {
      const values = samples.filter((figures) => Object.hasOwn(figures, name));
      const [first, last] = [values.at(0)?.[name], values.at(-1)?.[name]];
      return first === undefined || last === undefined ? null : rise(first, last);
    });
    const sum = rises.reduce((a, b) => (a === null || b === null ? null : add(a, b)));
    if (sum !== null) sums[name] = sum;
  }
  return sums;
}

function counterRise(first: number, last: number): number | null {
  return last < first ? null : last - first;
}

function histogramRise(first: ProbeHistogram, last: ProbeHistogram): ProbeHistogram | null {
  if (!sameBounds(first, last)) return null;
  const counts = last.counts.map((count, bucket) => count - first.counts[bucket]!);
  return counts.some((count) => count < 0) ? null : { bounds: last.bounds, counts };
}

function addHistograms(a: ProbeHistogram, b: ProbeHistogram): ProbeHistogram | null {
  if (!sameBounds(a, b)) return null;
  return { bounds: a.bounds, counts: a.counts.map((count, bucket) => count + b.counts[bucket]!) };
}

function sameBounds(a: ProbeHistogram, b: ProbeHistogram): boolean {
  return a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i]);
}
