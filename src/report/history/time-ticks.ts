import type { Tick } from '../html/chart/frame.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[1, 2, 5, 10, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 4, 7, 14, 28, 91, 182, 365, 730, 1825, 3650].map((count) => count * day),
];

/** Round times in UTC within a stretch, in ms since 1970; those shorter than a day with the hour. */
export function timeTicks([from, to]: readonly [number, number], most: number): Tick[] {
  const step = steps.find((each) => (to - from) / each <= most) ?? to - from;
  const first = Math.ceil(from / step) * step;
  const count = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = first + index * step;
    const iso = new Date(at).toISOString();
    const midnight = at % day === 0;
    const label =
      step >= 91 * day ? iso.slice(0, 7) : midnight ? iso.slice(5, 10) : iso.slice(11, 16);
    return { at, label };
  });
}
