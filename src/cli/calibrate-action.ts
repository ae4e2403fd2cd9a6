import { calibrate } from '../calibrate/calibrate.js';
import { measureNoise } from '../calibrate/noise.js';
import { fewestPairs } from '../compare/noise-floor.js';
import type { Calibration, Ceiling } from '../results/calibration.js';
import { calibrationFile, readCalibration } from '../store/calibration.js';
import { defaultThreads } from '../config/load-plan.js';
import { FlagReader } from '../config/flag-reader.js';
import { ConfigError } from '../basis/problem.js';
import { engineChoices } from '../config/scenario.js';
import { parseCount, parseDuration } from '../basis/units.js';
import type { EngineName } from '../load/plan.js';
import { readAllowedCpus, splitCpus } from '../measure/cpus.js';
import { calibrationTable } from '../report/calibration-table.js';
import { noiseFloorText } from '../report/legend.js';
import { formatPercent } from '../basis/format.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { giveWayToWorkers } from './helper-threads.js';
import type { Outcome } from './outcome.js';
import { requireUring } from './require-uring.js';

export interface CalibrateFlags {
  readonly only?: 'ceilings' | 'noise';
  readonly engines: string;
  readonly threads?: string;
  readonly duration: string;
  readonly pairs: string;
  readonly show?: boolean;
  readonly json?: boolean;
}

type Measured = Pick<Calibration, 'ceilings' | 'noiseFloor'>;

export async function calibrateAction(
  flags: CalibrateFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  const measured = flags.show === true ? readCalibration() : await measure(flags, signal);
  const { ceilings, noiseFloor } = measured;
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ ceilings, noiseFloor }, null, 2)}\n`);
  } else process.stdout.write(`${report(measured)}\n`);
  const code = signal.aborted ? exitCodes.interrupted : exitCodes.success;
  // What was measured is kept in any case.
  return { code, doneUnseen: flags.show !== true && flags.json !== true };
}

/** Each part is kept as soon as it is known. */
async function measure(flags: CalibrateFlags, signal: AbortSignal): Promise<Measured> {
  const [engines, threads] = [readEngines(flags.engines), readThreads(flags.threads)];
  const [pairs, duration] = [readPairs(flags.pairs), readDuration(flags.duration)];
  const ceilings: Ceiling[] = [];
  giveWayToWorkers();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (flags.only !== 'noise') {
    await requireUring('calibrate');
    const observer = {
      step: (engine: string, count: number, what: string): void => {
        say(`${engine}, ${count} thread${count === 1 ? '' : 's'}: ${what}`);
      },
    };
    for await (const ceiling of calibrate(engines, threads, duration, observer, signal)) {
      ceilings.push(ceiling);
    }
  }
  if (flags.only === 'ceilings' || signal.aborted) return { ceilings, noiseFloor: null };
  const startedAt = performance.now();
  const observer = {
    trial: (target: string, index: number, of: number): void => {
      const seconds = ((performance.now() - startedAt) / 1000 / index) * (of - index);
      const left = index === 0 ? '' : `, about ${seconds.toFixed(0)} s left`;
      say(`noise floor: ${target} against itself, process ${index + 1} of ${of}${left}`);
    },
  };
  return { ceilings, noiseFloor: await measureNoise(pairs, observer, signal) };
}

function report({ ceilings, noiseFloor }: Measured): string {
  const parts = [
    ...(ceilings.length === 0 ? [] : [calibrationTable(ceilings, color)]),
    ...(noiseFloor === null ? [] : [noiseFloorText(noiseFloor), ...noisyText(noiseFloor)]),
  ];
  if (parts.length === 0) return 'Nothing has been measured here yet.';
  return [...parts, `Kept in ${calibrationFile()}`].join('\n\n');
}

/** From here on, runtimes of nearly the same speed cannot be told apart. */
const noisyShare = 0.1;

function noisyText({ shares }: NoiseFloor): string[] {
  const share = shares.requestsPerSecond ?? 0;
  if (share <= noisyShare) return [];
  return [
    color.yellow(
      `! This machine is noisy: targets within ${formatPercent(share)} of each other’s requests/s cannot be told apart.\n  Close what else runs, look at c1m doctor, and measure it again; the floor holds until then.`,
    ),
  ];
}

function readPairs(written: string): number {
  const parsed = parseCount(written);
  if (parsed.ok && parsed.value >= fewestPairs) return parsed.value;
  const message = parsed.ok ? `${parsed.value} pairs are too few to tell` : parsed.message;
  const remedy = `Give at least ${fewestPairs}: --pairs 5`;
  throw new ConfigError([{ where: '--pairs', message, remedy }]);
}

/** In microseconds. */
function readDuration(written: string): number {
  const flag = new FlagReader();
  const micros = flag.read('--duration', written, parseDuration);
  flag.end();
  return micros!;
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
