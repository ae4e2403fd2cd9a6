import type { Unit } from '../../figures/figure.js';
import { readTrial, type Reading } from '../../figures/reading.js';
import { distributionNames, figures } from '../../figures/table.js';
import type { TrialResult } from '../../results/schema.js';
import { formatMicros } from '../../basis/format.js';
import { unloadedDelay } from '../scheduling-delay.js';

/** A figure that `--metric` can name. */
export interface HistoryMetric {
  /** As reports show it, of requests. */
  readonly label: string;
  /** Of the figures in JSON. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** null where the trial lacks it. */
  readonly reading: (trial: TrialResult) => Reading | null;
  readonly format: (value: number) => string;
  /** Of trials that were watched with `--sched`; all others are of those that were not. */
  readonly watched?: true;
}

const units: Readonly<Record<Unit, string>> = {
  us: 'µs',
  bytes: 'B',
  share: '1',
  perSecond: 'requests/s',
  count: '1',
  number: '1/request',
};

/** Of a watched trial, what its phases say differs by their loads: only the lowest is comparable. */
const schedulingDelay: HistoryMetric = {
  label: 'scheduling delay',
  unit: units.us,
  better: 'lower',
  reading: (trial) => {
    const value = unloadedDelay(trial);
    if (value === null) return null;
    return { value, bound: 'exact', unanswered: 0, trust: 'valid', isSet: false };
  },
  format: formatMicros,
  watched: true,
};

export const historyMetrics: ReadonlyMap<string, HistoryMetric> = new Map([
  ...[...figures.values()]
    .filter(({ name }) => !distributionNames.some((other) => name.startsWith(`${other}.`)))
    .map((figure): [string, HistoryMetric] => [
      figure.name,
      {
        label: figure.label,
        unit: units[figure.unit],
        better: figure.better,
        reading: (trial) => readTrial(figure, trial),
        format: figure.format,
      },
    ]),
  ['schedulingDelay', schedulingDelay],
]);
