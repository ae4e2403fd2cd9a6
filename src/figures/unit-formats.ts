import {
  formatBytes,
  formatCount,
  formatMicros,
  formatNanos,
  formatPercent,
} from '../basis/format.js';
import type { Unit } from './figure.js';

/** How an amount of a unit is shown to people; nanoseconds are what programs time themselves in. */
export const unitFormats: Readonly<Record<Unit | 'ns', (value: number) => string>> = {
  ns: formatNanos,
  us: formatMicros,
  bytes: formatBytes,
  share: formatPercent,
  perSecond: formatCount,
  count: formatCount,
  number: (value) => value.toFixed(3),
};
