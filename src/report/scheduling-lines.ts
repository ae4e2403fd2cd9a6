import { inUnit } from '../figures/unit-words.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { ServerFigures } from '../results/figures.js';
import { formatCount, formatMicros } from '../basis/format.js';

/** How the server of one run was scheduled; empty where that was not watched. */
export function schedulingLines(
  { schedulingDelayUs, scheduling }: ServerFigures,
  unit: ExchangeUnit,
): string[] {
  if (scheduling === null) return [];
  const one = inUnit('request', unit);
  const lines: string[] = [];
  if (schedulingDelayUs !== null) {
    const { total, kernel, runtime, perConnection } = schedulingDelayUs;
    lines.push(
      `  Scheduling   ${formatMicros(total.mean)} until a ${one} was taken (kernel ${formatMicros(kernel.mean)} + runtime ${formatMicros(runtime.mean)}), p50 ${formatMicros(total.p50)}, p99 ${formatMicros(total.p99)}`,
      `               by connection ${formatMicros(perConnection.min)}–${formatMicros(perConnection.max)}`,
    );
  }
  const { runQueueUs, contextSwitches, systemCallsPerRequest, wakeupsPerRequest } = scheduling;
  const parts = [
    runQueueUs === null
      ? ''
      : `run queue ${formatMicros(runQueueUs.mean)} (p99 ${formatMicros(runQueueUs.p99)})`,
    contextSwitches === null ? '' : `${formatCount(contextSwitches.perSecond)} context switches/s`,
    wakeupsPerRequest === null ? '' : `${wakeupsPerRequest.toFixed(2)} wake-ups per ${one}`,
    systemCallsPerRequest === null
      ? ''
      : `${systemCallsPerRequest.toFixed(2)} system calls per ${one}`,
  ].filter((part) => part !== '');
  const label = lines.length === 0 ? '  Scheduling   ' : '               ';
  if (parts.length > 0) lines.push(`${label}${parts.join(', ')}, by ${scheduling.source}`);
  return lines;
}
