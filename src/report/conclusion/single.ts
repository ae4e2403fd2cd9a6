import { summarize } from '../../stats/sample.js';
import { isLowerBound } from '../../results/distribution.js';
import type { TrialResult } from '../../results/schema.js';
import { isUsable } from '../../figures/usable.js';
import type { Subject } from '../subject.js';
import { formatBytes, formatCount, formatMicros } from '../../basis/format.js';
import { unansweredText } from '../at-least.js';
import type { Conclusion, Finding } from './finding.js';
import { readTrial, trustedValue } from '../../figures/reading.js';
import { figureNamed } from '../../figures/table.js';

/** A URL or a single target has nothing beside it: its figures are the conclusion. */
export function concludeOne({ label, plain }: Subject): Conclusion {
  const [trial] = plain;
  if (trial === undefined) return { headline: `${label} was not measured`, findings: [] };
  const middle = (value: (trial: TrialResult) => number | null): number | null =>
    summarize(plain.map(value))?.median ?? null;
  const several = plain.length > 1 ? ', as the median of the trials' : '';
  const findings = [
    latencyFinding(plain, several),
    memoryFinding(
      middle((each) => trustedValue(figureNamed('bytesPerConnection'), each)),
      several,
    ),
    connectionsFinding(trial),
  ].filter((finding) => finding !== null);
  if (!plain.some(isUsable)) {
    return { headline: `${label}: not a valid result`, findings };
  }
  const rate = formatCount(middle(({ load }) => load.requestsPerSecond) ?? 0);
  const { offeredPerSecond } = trial.load;
  const bound = plain.some(({ load }) => load.lowerBound) ? 'at least ' : '';
  const offered =
    offeredPerSecond === null ? '' : ` of ${formatCount(offeredPerSecond)} that were asked for`;
  return { headline: `${label} answered ${bound}${rate} requests per second${offered}`, findings };
}

function latencyFinding(plain: readonly TrialResult[], several: string): Finding | null {
  const half = summarize(plain.map(({ latencyUs }) => latencyUs?.p50 ?? null));
  const most = summarize(plain.map(({ latencyUs }) => latencyUs?.p99 ?? null));
  if (half === null || most === null) return null;
  const lag = plain.some((trial) => readTrial(figureNamed('p99'), trial)?.bound === 'at-most')
    ? ', of which a good part was c1m’s own lateness'
    : '';
  const isOpen = (figure: 'p50' | 'p99'): boolean =>
    plain.some(({ latencyUs }) => isLowerBound(latencyUs, figure));
  const open = plain
    .flatMap(({ latencyUs }) => latencyUs ?? [])
    .find(({ censored }) => censored > 0);
  const halfText = isOpen('p50')
    ? `Half of the requests took ${formatMicros(half.median)} or more`
    : `Half of the requests were answered within ${formatMicros(half.median)}`;
  const mostText = isOpen('p99')
    ? `one in a hundred at least ${formatMicros(most.median)}`
    : `99 % within ${formatMicros(most.median)}`;
  return {
    topic: 'Latency',
    text: `${halfText}, ${mostText}${several}${lag}${open === undefined ? '' : `; ${unansweredText(open)}`}.`,
  };
}

function memoryFinding(bytes: number | null, several: string): Finding | null {
  if (bytes === null) return null;
  return { topic: 'Memory per connection', text: `${formatBytes(bytes)}${several}.` };
}

function connectionsFinding({ load }: TrialResult): Finding {
  const { established, requested } = load.connections;
  return {
    topic: 'Connections',
    text: `${formatCount(established)} of ${formatCount(requested)} were open at the end.`,
  };
}
