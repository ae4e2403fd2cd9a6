import { summarize } from '../../stats/sample.js';
import { isLowerBound } from '../../results/distribution.js';
import type { PhaseResult } from '../../results/figures.js';
import type { TrialResult } from '../../results/schema.js';
import { isLagBound } from '../../figures/validity.js';
import { latencyPhase } from '../../figures/trial-phases.js';
import { isUsable } from '../../figures/usable.js';
import type { Subject } from '../subject.js';
import { formatBytes, formatCount, formatMicros, formatPercent } from '../../basis/format.js';
import { commonUnit, inUnit, waitedFor } from '../../figures/unit-words.js';
import { unansweredText } from '../at-least.js';
import { worstPhase } from '../worst-phase.js';
import type { Conclusion, Finding } from './finding.js';
import { trustedValue } from '../../figures/reading.js';
import { figureNamed, reachOf } from '../../figures/table.js';

/**
 * A URL or a single target has nothing beside it: its figures are the conclusion. Of several phases
 * of a kind, those of the worst.
 */
export function concludeOne({ label, plain }: Subject): Conclusion {
  const [trial] = plain;
  if (trial === undefined) return { headline: `${label} was not measured`, findings: [] };
  const worst = worstPhase(trial);
  const parts = plain.flatMap((each) => worstPhase(each) ?? each);
  const several = plain.length > 1 ? ', as the median of the trials' : '';
  const findings = [
    latencyFinding(
      plain.flatMap((each) => worstPhase(each) ?? latencyPhase(each) ?? []),
      several,
    ),
    memoryFinding(plain, several),
    connectionsFinding(parts[0]!),
  ].filter((finding) => finding !== null);
  if (!plain.some(isUsable)) {
    return { headline: `${label}: not a valid result`, findings };
  }
  const rate = formatCount(middle(parts.map(({ load }) => load.requestsPerSecond)) ?? 0);
  const { offeredPerSecond } = parts[0]!.load;
  const bound = parts.some(({ load }) => load.lowerBound) ? 'at least ' : '';
  const offered =
    offeredPerSecond === null ? '' : ` of ${formatCount(offeredPerSecond)} that were asked for`;
  const reach = reachOf(parts[0]!.load);
  const where = worst === null ? '' : ` in its worst phase, ${worst.name}`;
  return {
    headline: `${label} ${reach === null ? 'answered' : `delivered ${formatPercent(reach)} of`} ${bound}${rate} ${inUnit('requests', parts[0]!.load.unit)} per second${offered}${where}`,
    findings,
  };
}

/** A trial, or the worst of its phases. */
type Part = Pick<TrialResult, 'load'>;

function middle(values: readonly (number | null)[]): number | null {
  return summarize(values)?.median ?? null;
}

function latencyFinding(parts: readonly PhaseResult[], several: string): Finding | null {
  const half = middle(parts.map(({ latencyUs }) => latencyUs?.p50 ?? null));
  const most = middle(parts.map(({ latencyUs }) => latencyUs?.p99 ?? null));
  if (half === null || most === null) return null;
  const lag = parts.some(({ latencyUs, generator }) =>
    isLagBound('p99', latencyUs, generator.pacingLagUs),
  )
    ? ', of which a good part was c1m’s own lateness'
    : '';
  const isOpen = (figure: 'p50' | 'p99'): boolean =>
    parts.some(({ latencyUs }) => isLowerBound(latencyUs, figure));
  const open = parts
    .flatMap(({ latencyUs, load }) => (latencyUs === null ? [] : [{ latencyUs, load }]))
    .find(({ latencyUs }) => latencyUs.censored > 0);
  const unit = commonUnit(parts.map(({ load }) => waitedFor(load)));
  const many = inUnit('requests', unit);
  const halfText = isOpen('p50')
    ? `Half of the ${many} took ${formatMicros(half)} or more`
    : `Half of the ${many} ${unit === 'delivery' ? 'came' : 'were answered'} within ${formatMicros(half)}`;
  const mostText = isOpen('p99')
    ? `one in a hundred at least ${formatMicros(most)}`
    : `99 % within ${formatMicros(most)}`;
  return {
    topic: 'Latency',
    text: `${halfText}, ${mostText}${several}${lag}${open === undefined ? '' : `; ${unansweredText(open.latencyUs, open.load)}`}.`,
  };
}

function memoryFinding(plain: readonly TrialResult[], several: string): Finding | null {
  const figure = figureNamed('bytesPerConnection');
  const bytes = middle(plain.map((trial) => trustedValue(figure, trial)));
  if (bytes === null) return null;
  return { topic: 'Memory per connection', text: `${formatBytes(bytes)}${several}.` };
}

function connectionsFinding({ load }: Part): Finding {
  const { established, requested } = load.connections;
  return {
    topic: 'Connections',
    text: `${formatCount(established)} of ${formatCount(requested)} were open at the end.`,
  };
}
