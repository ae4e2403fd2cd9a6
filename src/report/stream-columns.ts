import type { RankedName } from '../compare/compared.js';
import type { Look } from './figure-column.js';
import type { Column } from './trial-table.js';

const shown = [
  { name: 'eventsPerSecond', title: 'events/s' },
  { name: 'firstEvent.p50', title: 'TTFT p50' },
  { name: 'firstEvent.p99', title: 'TTFT p99' },
  { name: 'betweenEvents.p50', title: 'ITL p50' },
  { name: 'betweenEvents.p99', title: 'ITL p99' },
] as const satisfies readonly { name: RankedName; title: string }[];

export const streamTitles: readonly string[] = shown.map(({ title }) => title);

/** Of streams of events; empty, and so left out, of all else. */
export function streamColumns<Part>(
  column: (name: RankedName, look: Look) => Column<Part>,
): Column<Part>[] {
  return shown.map(({ name, title }) => ({ ...column(name, { title }), optional: true }));
}
