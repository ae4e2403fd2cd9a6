import { formatCount, formatMicros } from '../basis/format.js';
import type { PhaseResult } from '../results/figures.js';
import { waitTable, type WaitColumn } from './wait-table.js';

/** Of streams of events; none where no request asks for one. */
export function streamLines({ kind, events, generator }: PhaseResult): string[] {
  if (events === null) return [];
  const { received, perSecond, streams, withoutEvents } = events;
  const empty = withoutEvents === 0 ? '' : `, ${formatCount(withoutEvents)} without any`;
  const lines = [
    `  Events/s     ${formatCount(perSecond)}`,
    `  Events       ${formatCount(received)} in ${formatCount(streams)} streams${empty}`,
  ];
  const columns = [
    ['First byte', events.firstByteUs] as const,
    ['First event (TTFT)', events.firstEventUs] as const,
    // In a closed workload a request is sent when it should be: the two are one.
    ['from its send', kind === 'latency' ? events.firstEventServiceUs : null] as const,
    ['Between events (ITL)', events.betweenUs] as const,
  ].flatMap(([title, waits]): WaitColumn[] => (waits === null ? [] : [[title, waits]]));
  if (columns.length > 0) lines.push('', waitTable(columns));
  const { wakeUpLagUs: lag } = generator;
  if (lag !== null) {
    lines.push(
      `  c1m itself woke up ${formatMicros(lag.p50)} late at the median, ${formatMicros(lag.p99)} at p99: so much of these may be its own.`,
    );
  }
  return lines;
}
