import { run as runWithFlags, type Run } from '../experiment/run.js';
import { flagsOf, type RunOptions } from './run-options.js';

/**
 * Loads a URL, or several that share a path and the connections, or a target by its name or folder,
 * which is started for it and stopped afterwards. Throws a ConfigError that names every mistake.
 */
export async function run(
  subject: string | readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  return runWithFlags(subject, flagsOf(options));
}
