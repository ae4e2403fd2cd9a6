import type { ChalkInstance } from 'chalk';
import type { RunResult, TrialResult } from '../results/schema.js';
import { boundedMicros } from './at-least.js';
import { warningLines } from './run-summary.js';
import { formatBytes, formatCount, formatMicros, formatPercent } from '../basis/format.js';

/** The result of `c1m demo`, each line with what it means. */
export function demoReport({ targets, warnings }: RunResult, color: ChalkInstance): string {
  const { name, runtime, version, cpuCount, trials } = targets[0]!;
  const trial = trials[0]!;
  const lines = [
    `${color.bold(name)}, on ${runtime} ${version ?? ''} and ${cpuCount ?? '?'} CPU`,
    '',
    ...[...loadLines(trial), ...latencyLines(trial), ...serverLines(trial)].flatMap(
      ([figure, meaning]) => [`  ${color.cyan(figure)}`, `      ${color.dim(meaning)}`],
    ),
    '',
    ...warningLines([...trial.warnings, ...warnings], color),
    'Next: c1m run http://localhost:8080/ (your server), or c1m compare --quick',
  ];
  return lines.join('\n');
}

type Line = readonly [figure: string, meaning: string];

function loadLines({ load }: TrialResult): Line[] {
  return [
    [
      `${load.lowerBound ? '≥ ' : ''}${formatCount(load.requestsPerSecond)} requests/s`,
      load.lowerBound
        ? `c1m used all of its CPU on ${load.connections.requested} connections: the server can do at least this`
        : `${load.connections.requested} connections, each sending its next request when the last was answered`,
    ],
  ];
}

function latencyLines({ latencyUs, serviceTimeUs }: TrialResult): Line[] {
  if (latencyUs === null || serviceTimeUs === null) return [];
  return [
    [
      `${boundedMicros(latencyUs, 'p50')} p50, ${boundedMicros(latencyUs, 'p99')} p99, ${boundedMicros(latencyUs, 'p999')} p99.9 latency`,
      'at 1,000 requests/s: half, 99 % and 99.9 % were answered so long after they should have started',
    ],
    [
      `${boundedMicros(serviceTimeUs, 'p99')} p99 service time`,
      'the same from when each was really sent; far below the latency, it would mean that requests had to wait',
    ],
  ];
}

function serverLines({ server }: TrialResult): Line[] {
  if (server === null) return [];
  const lines: (Line | null)[] = [
    server.startupMs === null
      ? null
      : [`${formatMicros(server.startupMs * 1000)} start-up`, 'from its start to its first answer'],
    server.bytesPerConnection === null
      ? null
      : [
          `${formatCount(server.bytesPerConnection.slope)} bytes per connection`,
          `how its memory grew over 100, 500 and 1,000 idle connections (R² ${server.bytesPerConnection.r2.toFixed(3)})`,
        ],
    server.rssPeakBytes === null
      ? null
      : [`${formatBytes(server.rssPeakBytes)} RSS`, 'the most memory that it held at any time'],
    server.cpuUsPerRequest === null || server.cpuUtilization === null
      ? null
      : [
          `${formatMicros(server.cpuUsPerRequest)} CPU per request`,
          `while it was loaded, when it used ${formatPercent(server.cpuUtilization)} of its CPU`,
        ],
    server.contextSwitches === null || server.contextSwitches.perRequest === null
      ? null
      : [
          `${server.contextSwitches.perRequest.toFixed(3)} context switches per request`,
          'how often the kernel took a thread of it off a CPU',
        ],
    ...server.unavailable.map(({ figure, reason }): Line => [`no ${figure}`, reason]),
  ];
  return lines.filter((line) => line !== null);
}
