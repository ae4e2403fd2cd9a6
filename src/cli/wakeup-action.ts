import type { Problem } from '../basis/problem.js';
import { readCpuList } from '../config/cpu-flags.js';
import { parseMemoryLimit } from '../config/memory-limit.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseCount } from '../basis/units.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { wakeupReport } from '../report/wakeup-table.js';
import { storeResult } from '../store/writer.js';
import type { WakeupResult } from '../results/wakeup.js';
import { readPrograms } from '../subject/words.js';
import { wakeupCpus } from '../wakeup/cpus.js';
import { defaultSettings, type WakeupSettings } from '../wakeup/settings.js';
import { wakeup } from '../wakeup/wakeup.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { orFailure, type Outcome } from './outcome.js';
import { tryOutputPlaces } from './output-places.js';
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
): Promise<Outcome> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const { output } = flags;
  tryOutputPlaces([{ where: '-o', place: output, kind: 'folder' }]);
  const deliveries = new Deliveries();
  let file = null as string | null;
  const request = {
    ...readOwn(flags),
    subjects: await readPrograms(programs, flags.targets ?? []),
  };
  const store = (result: WakeupResult): void => {
    file = deliveries.keep(output, (folder) => storeResult(folder, result)) ?? file;
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
  if (result.programs.length > 0 || result.failures.length > 0) store(result);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const report = wakeupReport(result, terminalWidth(), color);
    process.stdout.write(`${report}\n\nResult      ${file ?? 'none'}\n`);
  }
  const code = signal.aborted ? exitCodes.interrupted : wokenCode(result);
  const lost = deliveries.complain();
  return { code: orFailure(code, lost), doneUnseen: file !== null && flags.json !== true };
}

function wokenCode({ failures, programs }: WakeupResult): number {
  return failures.length > 0 || programs.length === 0 ? exitCodes.failure : exitCodes.success;
}

function readOwn(flags: WakeupFlags) {
  const problems: Problem[] = [];
  const flag = new FlagReader(problems);
  const allowed = readAllowedCpus();
  const cpus = readCpuList('--cpus', flags.cpus, allowed, problems);
  const counts = flags.tasks?.split(',') ?? [];
  const parkedTasks = counts.map((text) => flag.read('--tasks', text, parseCount) ?? 1);
  const settings: WakeupSettings = {
    ...defaultSettings,
    trials: flag.read('--trials', flags.trials, parseCount) ?? defaultSettings.trials,
    parkedTasks: flags.tasks === undefined ? defaultSettings.parkedTasks : parkedTasks,
    memoryLimit:
      flag.read('--memory-limit', flags.memoryLimit, parseMemoryLimit) ??
      defaultSettings.memoryLimit,
  };
  flag.end();
  return { cpus: wakeupCpus(cpus, allowed), settings };
}
