const steps = '▁▂▃▄▅▆▇█';

/** A bar that is within a fourteenth of its share of the full height. */
export function bar(share: number): string {
  return steps[Math.round(share * (steps.length - 1))]!;
}

/**
 * The last of the values as a line of bars, the highest of those shown at full height and 0 at the
 * lowest. What is not finite leaves a gap.
 * @param width characters at the most; all values without it
 */
export function sparkline(
  values: readonly number[],
  { width = values.length }: { readonly width?: number } = {},
): string {
  const shown = width > 0 ? values.slice(-width) : [];
  const most = Math.max(0, ...shown.filter(Number.isFinite));
  return shown
    .map((value) => {
      if (!Number.isFinite(value)) return ' ';
      return bar(most === 0 ? 0 : Math.max(0, value) / most);
    })
    .join('');
}
