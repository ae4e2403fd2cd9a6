import { ConfigError } from '../basis/problem.js';
import { isLoad, resultFilesIn, resultOrReason } from './reader.js';
import type { RunResult } from '../results/schema.js';

/** A file of the folder that holds no result of `c1m run` or `c1m compare`, and why not. */
export interface PassedOver {
  readonly file: string;
  readonly reason: string;
}

export interface ResultFolder {
  /** From the oldest to the newest, each once. */
  readonly results: readonly RunResult[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * Reads all results of a folder. A file that is none takes nothing from the others.
 * @throws ConfigError where there is no such folder, or none that can be read
 */
export function readResultFolder(folder: string): ResultFolder {
  const results = new Map<string, RunResult>();
  const passedOver: PassedOver[] = [];
  for (const file of filesIn(folder)) {
    const result = resultOrReason(file);
    if (typeof result === 'string') passedOver.push({ file, reason: result });
    else if (!isLoad(result)) {
      passedOver.push({ file, reason: `It is a result of c1m ${result.kind}` });
    } else results.set(result.id, result);
  }
  return {
    results: [...results.values()].sort(
      (a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt),
    ),
    passedOver,
  };
}

function filesIn(folder: string): string[] {
  try {
    return resultFilesIn(folder);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ConfigError([
      {
        where: folder,
        message: missing ? 'There is no such folder' : (error as Error).message,
        remedy:
          'Name a folder that results were kept in: c1m run -o FOLDER URL, or c1m compare -o FOLDER.',
      },
    ]);
  }
}
