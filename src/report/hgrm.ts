import type { StoredResult } from '../store/stored-result.js';
import { subjectsOf } from './subject.js';

/** The latency of one phase of one trial, as HdrHistogram prints it. */
interface HgrmFile {
  readonly name: string;
  readonly text: string;
}

const ticksPerHalfDistance = 5;
const microsPerMilli = 1_000;

/**
 * Percentile distributions in milliseconds, as HdrHistogram's plotter and wrk2's users know them:
 * a file per phase with answers, since trials are never pooled.
 */
export function hgrmFiles(stored: readonly StoredResult[]): HgrmFile[] {
  const latencies = new Map(stored.flatMap((each) => [...each.latencies]));
  return subjectsOf(stored.map(({ result }) => result)).flatMap(({ label, target }) =>
    target.trials.flatMap((trial) => {
      const reading = latencies.get(trial);
      if (reading?.ok !== true) return [];
      return trial.phases.flatMap((phase, place) => {
        const logged = reading.phases[place];
        if (logged === null || logged === undefined) return [];
        const alike = trial.phases.slice(0, place).filter(({ name }) => name === phase.name);
        const again = alike.length === 0 ? '' : `-${alike.length + 1}`;
        const text = logged.latency.outputPercentileDistribution(
          ticksPerHalfDistance,
          microsPerMilli,
        );
        return [
          { name: `${safe(label)}-${trial.index + 1}-${safe(phase.name)}${again}.hgrm`, text },
        ];
      });
    }),
  );
}

/** A name that is one file in one folder, whatever a result says. */
function safe(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'unnamed'
  );
}
