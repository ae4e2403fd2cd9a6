import { accessSync, closeSync, constants, openSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, type Problem } from '../basis/problem.js';
import { kindOfPlace } from '../process/place-kind.js';
import { partialOf } from '../process/whole-file.js';

/** Where something is to be kept after a measurement. */
export interface OutputPlace {
  /** The flag, or the variable, that named it. */
  readonly where: string;
  readonly place: string;
  readonly kind: 'file' | 'folder';
}

/**
 * Tries every place before the measurement, and leaves all as it was.
 * @throws ConfigError naming all that cannot be written
 */
export function tryOutputPlaces(places: readonly OutputPlace[]): void {
  const problems = places.flatMap(({ where, place, kind }): Problem[] => {
    try {
      if (kind === 'file') tryFile(place);
      else tryFolder(place);
      return [];
    } catch (error) {
      const message = `${place} cannot be written: ${(error as Error).message}`;
      const name = kind === 'file' ? 'a file in a folder that is there' : 'a folder';
      return [{ where, message, remedy: `Name ${name} that you may write to, or leave it out.` }];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function tryFile(file: string): void {
  const kind = kindOfPlace(file);
  if (kind === 'folder') throw new Error('it is a folder');
  if (kind === 'other') {
    // To open a pipe would wait for its reader, or end what it waits for.
    accessSync(file, constants.W_OK);
    return;
  }
  closeSync(openSync(file, 'a'));
  // Of a link that led nowhere, the link stays.
  if (kind === null) rmSync(realpathSync(file));
}

/** Its nearest part that is there has to take a file: another run may want the same folder. */
function tryFolder(folder: string): void {
  const kind = kindOfPlace(folder);
  if (kind === null) {
    tryFolder(path.dirname(path.resolve(folder)));
    return;
  }
  if (kind !== 'folder') throw new Error(`${folder} is no folder`);
  const trial = partialOf(path.join(folder, '.c1m'));
  closeSync(openSync(trial, 'w'));
  rmSync(trial);
}
