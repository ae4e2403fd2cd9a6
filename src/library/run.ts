import type { Problem } from '../basis/problem.js';
import { readCpuFlags } from '../config/cpu-flags.js';
import { FlagReader } from '../config/flag-reader.js';
import { parsePid } from '../config/run-flags.js';
import { settleMeasurement } from '../experiment/asked-run.js';
import type { Run } from '../experiment/measured-run.js';
import { run as runSubject, silent } from '../experiment/run.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { readSubject } from '../subject/words.js';
import { readLoadOptions } from './load-options.js';
import { refuseOthers } from './option-kinds.js';
import { namingOptions } from './option-problems.js';
import { runOptionKinds, type RunOptions } from './run-options.js';
import { readSched } from './sched-option.js';

const never = new AbortController().signal;

/**
 * Loads a URL, or several that share a path and the connections, or a target by its name or folder,
 * which is started for it and stopped afterwards. Throws a ConfigError that names every mistake.
 */
export async function run(
  subject: string | readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  return namingOptions(Object.keys(runOptionKinds), async () => {
    refuseOthers('run', options, runOptionKinds);
    const { observer = silent, signal = never } = options;
    const problems: Problem[] = [];
    const flag = new FlagReader(problems);
    const words = typeof subject === 'string' ? [subject] : subject;
    const pid = flag.read('--pid', options.pid, parsePid);
    const found = await flag.wait(readSubject(words, options.targetFolders ?? [], pid));
    const asked = {
      subject: found,
      load: await readLoadOptions(options, found, problems, signal),
      cpus: readCpuFlags(options, readAllowedCpus(), problems),
      sched: readSched(options.sched, problems),
      probe: options.probe === true,
    };
    const settled = settleMeasurement(asked, problems);
    return runSubject(settled.subject, settled.how, observer, signal);
  });
}
