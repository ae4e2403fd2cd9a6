import { formatBytes, formatCount, formatMicros, formatPercent } from '../basis/format.js';
import type { Unit } from './figure.js';

/** How an amount of a unit is shown to people. */
export const unitFormats: Readonly<Record<Unit, (value: number) => string>> = {
  us: formatMicros,
  bytes: formatBytes,
  share: formatPercent,
  perSecond: formatCount,
  count: formatCount,
  number: (value) => value.toFixed(3),
};
