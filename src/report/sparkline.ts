const steps = '▁▂▃▄▅▆▇█';

/**
 * The last of the values as a line of bars, the highest of those shown at full height and 0 at the
 * lowest: a bar is within a fourteenth of the height of its value. What is not finite leaves a gap.
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
      const share = most === 0 ? 0 : Math.max(0, value) / most;
      return steps[Math.round(share * (steps.length - 1))]!;
    })
    .join('');
}
