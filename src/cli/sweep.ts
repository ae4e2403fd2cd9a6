import { tmpdir } from 'node:os';
import { sweepRunFolders } from '../process/run-folder.js';
import { buildsIn, cacheFolder } from '../process/cache.js';

/** Removes the work trees and temporary folders of earlier runs that were killed. */
export function sweep(): void {
  for (const place of [tmpdir(), buildsIn(cacheFolder())]) sweepRunFolders(place);
}
