import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readHost } from '../measure/host.js';
import { writeWhole } from '../process/whole-file.js';
import { cacheFolder } from '../process/cache.js';
import { version } from '../version.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import { calibrationSchema, type Calibration, type Ceiling } from '../results/calibration.js';

/** Where this host's calibration is kept: among what may be deleted and is then measured again. */
export function calibrationFile(): string {
  return path.join(cacheFolder(), 'calibrations', `${readHost().fingerprint}.json`);
}

/** Empty where nothing was measured yet, or by another c1m or Node. */
export function readCalibration(): Calibration {
  const empty: Calibration = {
    schemaVersion: 1,
    fingerprint: readHost().fingerprint,
    tool: version,
    node: process.version,
    ceilings: [],
    noiseFloor: null,
  };
  try {
    const read = calibrationSchema.parse(JSON.parse(readFileSync(calibrationFile(), 'utf8')));
    return read.tool === empty.tool && read.node === empty.node ? read : empty;
  } catch {
    return empty;
  }
}

/** Keeps a ceiling in place of an earlier one of the same engine and number of threads. */
export function keepCeiling(ceiling: Ceiling): void {
  const calibration = readCalibration();
  const others = calibration.ceilings.filter((other) => !isSame(other, ceiling));
  keep({ ...calibration, ceilings: [...others, ceiling] });
}

/** Keeps a noise floor in place of an earlier one. */
export function keepNoiseFloor(noiseFloor: NoiseFloor): void {
  keep({ ...readCalibration(), noiseFloor });
}

function keep(calibration: Calibration): void {
  const file = calibrationFile();
  mkdirSync(path.dirname(file), { recursive: true });
  writeWhole(file, `${JSON.stringify(calibration, null, 2)}\n`);
}

/** null where it has not been measured. */
export function findCeiling(engine: string, threads: number): Ceiling | null {
  const { ceilings } = readCalibration();
  return ceilings.find((ceiling) => isSame(ceiling, { engine, threads })) ?? null;
}

function isSame(
  a: Pick<Ceiling, 'engine' | 'threads'>,
  b: Pick<Ceiling, 'engine' | 'threads'>,
): boolean {
  return a.engine === b.engine && a.threads === b.threads;
}
