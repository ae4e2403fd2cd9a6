import { calibrate } from '../calibrate/calibrate.js';
import type { Ceiling } from '../results/calibration.js';
import { calibrationFile, readCalibration } from '../results/calibration-file.js';
import { defaultThreads } from '../config/load-plan.js';
import { ConfigError } from '../config/problem.js';
import { engineChoices } from '../config/scenario.js';
import { parseCount } from '../config/units.js';
import type { EngineName } from '../load/plan.js';
import { readAllowedCpus, splitCpus } from '../measure/cpus.js';
import { calibrationTable } from '../report/calibration-table.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import { requireUring } from './require-uring.js';

export interface CalibrateFlags {
  readonly engines: string;
  readonly threads?: string;
  readonly duration: string;
  readonly show?: boolean;
  readonly json?: boolean;
}

export async function calibrateAction(flags: CalibrateFlags, signal: AbortSignal): Promise<void> {
  const ceilings: Ceiling[] = [];
  if (flags.show === true) ceilings.push(...readCalibration().ceilings);
  else {
    giveWayToWorkers();
    await requireUring('calibrate');
    const observer = {
      step: (engine: string, threads: number, what: string): void => {
        process.stderr.write(`${engine}, ${threads} thread${threads === 1 ? '' : 's'}: ${what}\n`);
      },
    };
    const [engines, threads] = [readEngines(flags.engines), readThreads(flags.threads)];
    for await (const ceiling of calibrate(engines, threads, flags.duration, observer, signal)) {
      ceilings.push(ceiling);
    }
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(ceilings, null, 2)}\n`);
  else if (ceilings.length === 0) process.stdout.write('Nothing has been measured here yet.\n');
  else
    process.stdout.write(`${calibrationTable(ceilings, color)}\n\nKept in ${calibrationFile()}\n`);
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
}

function readEngines(written: string): EngineName[] {
  return written.split(',').map((part) => {
    const engine = engineChoices.find((choice) => choice === part.trim());
    if (engine !== undefined && engine !== 'auto') return engine;
    const message = `"${part}" is not an engine`;
    throw new ConfigError([{ where: '--engines', message, remedy: 'Choose uring, net, undici.' }]);
  });
}

function readThreads(written: string | undefined): number[] {
  if (written === undefined) {
    return [...new Set([1, defaultThreads(splitCpus(readAllowedCpus()).load.length)])];
  }
  return written.split(',').map((part) => {
    const parsed = parseCount(part);
    if (parsed.ok) return parsed.value;
    const { message, remedy } = parsed;
    throw new ConfigError([{ where: '--threads', message, remedy }]);
  });
}
