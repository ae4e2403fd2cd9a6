/** Numbers for people: three significant digits and a unit. Data keeps base units. */

export function formatNanos(nanos: number): string {
  return Math.abs(nanos) < 1_000 ? `${digits(nanos)} ns` : formatMicros(nanos / 1_000);
}

export function formatMicros(micros: number): string {
  if (Math.abs(micros) < 1_000) return `${digits(micros)} µs`;
  if (Math.abs(micros) < 1_000_000) return `${digits(micros / 1_000)} ms`;
  return `${digits(micros / 1_000_000)} s`;
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${digits(value)} ${units[unit] ?? ''}`;
}

export function formatPercent(share: number): string {
  return `${digits(share * 100)} %`;
}

/** "46.0–54.0 µs": the unit once, if it is that of both. */
export function formatRange(low: string, high: string): string {
  if (low === high) return low;
  const unit = / \S+$/.exec(high)?.[0] ?? '';
  const short = unit !== '' && low.endsWith(unit) ? low.slice(0, -unit.length) : low;
  return `${short}–${high}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
