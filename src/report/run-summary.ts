import type { ChalkInstance } from 'chalk';
import { totalOf } from '../results/counts.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { LoadFigures, PhaseResult, ServerFigures, Warning } from '../results/figures.js';
import { errorsOf } from '../figures/errors.js';
import { isLowerBound } from '../figures/warning-classes.js';
import { countOf, inUnit, rateWord } from '../figures/unit-words.js';
import type { RunResult, TargetResult, TrialResult } from '../results/schema.js';
import { atLeastMeaning, unansweredText } from './at-least.js';
import { reachOf } from '../figures/table.js';
import { requestsOfPhase } from './requests-table.js';
import { thresholdLines } from './threshold-lines.js';
import { schedulingLines } from './scheduling-lines.js';
import { spokenBy } from './spoken.js';
import { streamLines } from './stream-lines.js';
import { waitTable, type WaitColumn } from './wait-table.js';
import { formatBytes, formatCount, formatMicros, formatPercent } from '../basis/format.js';

/**
 * The result of `c1m run`, for people.
 * @param width characters that a line may hold
 */
export function runSummary(result: RunResult, width: number, color: ChalkInstance): string {
  const phases = result.targets.flatMap((target) =>
    target.trials.flatMap((trial) => [
      ...trial.phases.map((phase) =>
        phaseSummary(target, phase, trial.phases.length > 1, result.engine.reason, width, color),
      ),
      ...warningLines(outsidePhases(trial), color),
    ]),
  );
  return [
    ...phases,
    ...warningLines(result.warnings, color),
    ...thresholdLines(result, color),
  ].join('\n');
}

/** Of the trial as a whole. */
function outsidePhases({ warnings, phases }: TrialResult): Warning[] {
  const told = new Set(phases.flatMap((phase) => phase.warnings.map(({ message }) => message)));
  return warnings.filter(({ message }) => !told.has(message));
}

/**
 * @param named whether there are others, so that it says which
 * @param reason why not a faster engine
 */
function phaseSummary(
  { url, addresses, localAddresses }: TargetResult,
  phase: PhaseResult,
  named: boolean,
  reason: string | null,
  width: number,
  color: ChalkInstance,
): string {
  const { load, generator } = phase;
  const { unit } = load;
  const spoken = spokenBy([phase]);
  const rate = `${load.lowerBound ? '≥ ' : ''}${formatCount(load.requestsPerSecond)}`;
  const lines = [
    color.bold(named ? `${url}, phase ${phase.name}` : url),
    `${load.durationSeconds.toFixed(2)} s, ${formatCount(load.connections.requested)} connections${spoken === '' ? '' : `, ${spoken}`}, engine ${load.engine}${reason === null ? '' : ` (${reason})`}, ${load.threads} ${load.threads === 1 ? 'thread' : 'threads'}`,
    '',
    `  ${inUnit('Requests/s', unit).padEnd(12)} ${color.cyan.bold(rate)}`,
    load.fanOut === null
      ? `  Responses    ${formatCount(load.responses)} of ${formatCount(load.requestsSent)} sent${counts(load.statusCodes)}`
      : fanOutLine(load.fanOut, reachOf(load)),
    `  Transferred  ${formatBytes(load.bytesReceived)} received, ${formatBytes(load.bytesSent)} sent`,
  ];
  const handshakes = handshakesLine(load);
  if (handshakes !== null) lines.push(handshakes);
  if (addresses.length > 1) lines.push(`  Addresses    ${addresses.join(', ')}`);
  if (localAddresses !== null) lines.push(`  From         ${localAddresses.join(', ')}`);
  const errors = errorsOf(load);
  if (Object.keys(errors).length > 0)
    lines.push(color.red(`  Errors       ${counts(errors).slice(2)}`));
  if (load.inFlightAtEnd > 0)
    lines.push(`  In flight    ${formatCount(load.inFlightAtEnd)} at the end`);
  if (load.rateRatio !== null) {
    lines.push(
      `  Rate         ${formatPercent(load.rateRatio)} of ${formatCount(load.requestsPlanned ?? 0)} planned were sent (${load.notSent.unsent} unsent, ${load.notSent.shed} shed)`,
    );
  }
  const memory =
    generator.rssPeakBytes === null ? '' : `${formatBytes(generator.rssPeakBytes)} RSS`;
  if (generator.cpuUsPerRequest === null || generator.spinning) {
    if (memory !== '') lines.push(`  Generator    ${memory}`);
  } else {
    const { ceiling } = generator;
    const share =
      ceiling === null
        ? ''
        : `, at ${formatPercent(ceiling.share)} of the ${formatCount(ceiling.requestsPerSecond)} ${rateWord(unit)} it can make here`;
    lines.push(
      `  Generator    ${formatMicros(generator.cpuUsPerRequest)} of CPU per ${inUnit('request', unit)}${share}${memory === '' ? '' : `, ${memory}`}`,
    );
  }
  if (phase.server !== null) lines.push(...serverLines(phase.server, unit));
  const streams = streamLines(phase);
  lines.push('', latencyTable(phase), ...unansweredLines(phase));
  if (streams.length > 0) lines.push('', ...streams);
  const requests = requestsOfPhase(phase, width, color);
  if (requests !== null) lines.push('', requests);
  lines.push(...warningLines(phase.warnings, color));
  if (isLowerBound(phase.warnings)) {
    lines.push(color.yellow('The rate above is a lower bound.'));
  } else if (!phase.valid) {
    lines.push(color.red.bold('This result is not valid, for the reasons above.'));
  }
  return lines.join('\n');
}

/** Of a fan-out, what came. */
function fanOutLine(
  { receivers, expected, delivered, duplicates }: NonNullable<LoadFigures['fanOut']>,
  share: number | null,
): string {
  const reach = share === null ? '' : ` (${formatPercent(share)})`;
  const twice = duplicates === 0 ? '' : `, ${formatCount(duplicates)} came again`;
  return `  Reach        ${formatCount(delivered)} of ${formatCount(expected)} deliveries${reach} to ${formatCount(receivers)} ${receivers === 1 ? 'receiver' : 'receivers'}${twice}`;
}

/** Of TLS; null where there were none. Without keep-alive their rate is the load. */
function handshakesLine({
  tlsHandshakes,
  durationSeconds,
  connections,
}: LoadFigures): string | null {
  if (tlsHandshakes === null) return null;
  const { full, resumed } = tlsHandshakes;
  if (full + resumed === 0) return null;
  const again = full + resumed > 2 * connections.requested && durationSeconds > 0;
  const perSecond = again ? `, ${formatCount((full + resumed) / durationSeconds)}/s` : '';
  return `  Handshakes   ${formatCount(full)} full, ${formatCount(resumed)} resumed${perSecond}`;
}

export function warningLines(warnings: readonly Warning[], color: ChalkInstance): string[] {
  return warnings.flatMap(({ message, remedy }) => [color.yellow(`! ${message}.`), `  ${remedy}.`]);
}

function serverLines(server: ServerFigures, unit: ExchangeUnit): string[] {
  const { rssPeakBytes, cpuUtilization, cpuUsPerRequest, contextSwitches, startupMs } = server;
  const parts = [
    rssPeakBytes === null ? '' : `${formatBytes(rssPeakBytes)} RSS at the peak`,
    cpuUtilization === null ? '' : `${formatPercent(cpuUtilization)} of its CPUs`,
    cpuUsPerRequest === null
      ? ''
      : `${formatMicros(cpuUsPerRequest)} of CPU per ${inUnit('request', unit)}`,
    contextSwitches === null || contextSwitches.perRequest === null
      ? ''
      : `${contextSwitches.perRequest.toFixed(3)} context switches per ${inUnit('request', unit)}`,
    startupMs === null ? '' : `started in ${formatMicros(startupMs * 1000)}`,
  ].filter((part) => part !== '');
  const lines = parts.length === 0 ? [] : [`  Server       ${parts.join(', ')}`];
  lines.push(...schedulingLines(server, unit));
  for (const { figure, reason } of server.unavailable) lines.push(`  No ${figure}: ${reason}`);
  return lines;
}

function latencyTable({ kind, load, latencyUs, serviceTimeUs, sendDelayUs }: PhaseResult): string {
  if (latencyUs === null || sendDelayUs === null) {
    return '  No latency: nothing was answered.';
  }
  // In a closed workload a request is sent when it should be: the three are one.
  const columns: WaitColumn[] =
    kind === 'latency'
      ? [
          [load.fanOut === null ? 'Latency' : 'Delivery', latencyUs],
          ...(serviceTimeUs === null ? [] : [['Service time', serviceTimeUs] as WaitColumn]),
          ['Send delay', sendDelayUs],
        ]
      : [['Latency', latencyUs]];
  return waitTable(columns);
}

/** What the latency holds at its waiting time only, and what it does not hold at all. */
function unansweredLines({ latencyUs, load }: PhaseResult): string[] {
  const lines: string[] = [];
  if (latencyUs !== null && latencyUs.censored > 0) {
    lines.push(`  ≥: ${unansweredText(latencyUs, load)}; they ${atLeastMeaning}.`);
  }
  const without = Object.entries(load.errors).filter(([kind]) => kind !== 'timeout');
  const none = totalOf(Object.fromEntries(without));
  if (none > 0) {
    const kinds = without.map(([kind, count]) => `${formatCount(count)} ${kind}`);
    lines.push(
      `  ${formatCount(none)} of ${countOf(load.requestsSent, load.unit, formatCount(load.requestsSent))} ${none === 1 ? 'has' : 'have'} no latency: ${kinds.join(', ')}.`,
    );
  }
  return lines;
}

function counts(named: Readonly<Record<string, number>>): string {
  const parts = Object.entries(named).map(([name, count]) => `${formatCount(count)} × ${name}`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
