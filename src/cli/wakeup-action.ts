import { parseMemoryLimit } from '../config/memory-limit.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseCount } from '../config/units.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { wakeupReport } from '../report/wakeup-table.js';
import { storeResult } from '../results/store.js';
import { wakeupCpus } from '../wakeup/cpus.js';
import { defaultSettings, type WakeupSettings } from '../wakeup/settings.js';
import { wakeup } from '../wakeup/wakeup.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { terminalWidth } from './terminal-width.js';

export interface WakeupFlags {
  readonly trials?: string;
  readonly tasks?: string;
  readonly cpus?: string;
  readonly targets?: string[];
  readonly memoryLimit?: string;
  readonly json?: boolean;
  readonly output: string;
}

export async function wakeupAction(
  programs: readonly string[],
  flags: WakeupFlags,
  signal: AbortSignal,
): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  let file = 'none';
  const unstored: Error[] = [];
  const request = {
    programs,
    targetFolders: flags.targets ?? [],
    cpus: wakeupCpus(flags.cpus, readAllowedCpus()),
    settings: readSettings(flags),
  };
  /** A disk that is full must not cost the rest: all is printed at the end, and complained about. */
  const store = (result: Parameters<typeof storeResult>[1]): void => {
    try {
      file = storeResult(flags.output, result);
    } catch (error) {
      unstored.push(error as Error);
    }
  };
  const observer = {
    building: (program: string) => say(`building ${program}`),
    skipped: ({ name, reason, remedy }: { name: string; reason: string; remedy: string }) =>
      say(`${name} is left out: ${reason}\n  ${remedy}`),
    failed: ({ name, reason, remedy }: { name: string; reason: string; remedy: string }) =>
      say(`${name} failed: ${reason}\n  ${remedy}`),
    trial: (program: string, index: number, of: number) =>
      say(`trial ${index + 1} of ${of}: ${program}`),
    parking: (program: string) => say(`parked tasks: ${program}`),
    measured: store,
  };
  const result = await wakeup(request, observer, signal);
  if (file !== 'none') store(result);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const report = wakeupReport(result, terminalWidth(), color);
    process.stdout.write(`${report}\n\nResult      ${file}\n`);
  }
  if (unstored[0] !== undefined) throw unstored[0];
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
  else if (result.failures.length > 0 || result.programs.length === 0) {
    process.exitCode = exitCodes.failure;
  }
}

function readSettings(flags: WakeupFlags): WakeupSettings {
  const flag = new FlagReader();
  const counts = flags.tasks?.split(',') ?? [];
  const parkedTasks = counts.map((text) => flag.read('--tasks', text, parseCount) ?? 1);
  const settings = {
    ...defaultSettings,
    trials: flag.read('--trials', flags.trials, parseCount) ?? defaultSettings.trials,
    parkedTasks: flags.tasks === undefined ? defaultSettings.parkedTasks : parkedTasks,
    memoryLimit:
      flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit) ??
      defaultSettings.memoryLimit,
  };
  flag.end();
  return settings;
}
