import type { ChalkInstance } from 'chalk';
import type { RunResult } from '../results/schema.js';
import type { ThresholdResult } from '../results/threshold.js';
import { countOf, inVain } from '../figures/unit-words.js';
import { isUsable } from '../figures/usable.js';
import { judgedTrials } from '../thresholds/judge.js';
import { formatBytes, formatCount, formatMicros, formatPercent } from '../basis/format.js';

export const thresholdsTitle = 'What must hold';

/** A line for each condition, with what was measured; none where there is no condition. */
export function thresholdLines(result: RunResult, color: ChalkInstance): string[] {
  const { kind, thresholds } = result;
  if (thresholds.length === 0) return [];
  const doubt = thresholdDoubt(result);
  return [
    '',
    color.bold(`${thresholdsTitle}:`),
    ...thresholds.map((threshold) => {
      const { target, text, holds } = threshold;
      const paint = holds ? color.green : color.red;
      const asked = kind === 'run' ? text : `${target}, ${text}`;
      return `  ${asked}: ${measuredText(threshold)}, ${paint(holdsText(threshold))}`;
    }),
    ...(doubt === null ? [] : [color.yellow(`! ${doubt}`)]),
  ];
}

/** Why nobody should go by the conditions; null where nothing speaks against it. */
export function thresholdDoubt(result: RunResult): string | null {
  if (result.thresholds.length === 0) return null;
  const trials = judgedTrials(result);
  if (!trials.every(({ complete }) => complete)) return 'The measurement was cut short.';
  return trials.every(isUsable) ? null : 'Not all of it is valid, so what holds may not.';
}

export function holdsText({ holds }: ThresholdResult): string {
  return holds ? 'holds' : 'does not hold';
}

/** "12.3 ms", "12.3 ms (median of 3 trials)", or why there is nothing. */
export function measuredText(threshold: ThresholdResult): string {
  const { value, limit, unit, trials, censored, reason } = threshold;
  if (value === null) return `not measured (${reason ?? 'no reason is known'})`;
  const shown = formatValue(value, unit);
  // 20.04 ms must not be shown as 20.0 ms beside a limit of 20 ms, nor a few errors as 0.00 %.
  const misleads = shown === formatValue(limit, unit) || Number.parseFloat(shown) === 0;
  const text = misleads && value !== limit ? exactValue(value, unit) : shown;
  const of = trials > 1 ? `${text} (median of ${trials} trials)` : text;
  return censored === 0
    ? of
    : `at least ${of}, bounded from below because ${whyBounded(threshold)}`;
}

/** "2 requests were not answered". */
function whyBounded({ metric, censored, counted }: ThresholdResult): string {
  const count = formatCount(censored);
  const [one, were] = [censored === 1, censored === 1 ? 'was' : 'were'];
  if (metric.startsWith('connect.')) {
    return `${count} ${one ? 'connection' : 'connections'} ${were} not opened in time`;
  }
  const waited = countOf(censored, counted, count);
  if (metric.startsWith('sendDelay.')) return `${waited} ${were} never sent`;
  return `${waited} ${inVain(censored, counted)}`;
}

function formatValue(value: number, unit: ThresholdResult['unit']): string {
  switch (unit) {
    case 'us':
      return formatMicros(value);
    case 'bytes':
      return formatBytes(value);
    case 'share':
      return formatPercent(value);
    case 'perSecond':
      return `${formatCount(value)}/s`;
    case 'count':
      return formatCount(value);
    case 'number':
      return value.toFixed(3);
  }
}

function exactValue(value: number, unit: ThresholdResult['unit']): string {
  const signs = { us: ' µs', bytes: ' B', share: ' %', perSecond: '/s', count: '', number: '' };
  return `${Number((unit === 'share' ? value * 100 : value).toPrecision(9))}${signs[unit]}`;
}
