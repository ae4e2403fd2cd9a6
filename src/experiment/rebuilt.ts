import type { Warning } from '../results/figures.js';
import type { BuiltTarget } from '../targets/build.js';

/** What is to be said of a target whose build in the cache was damaged. */
export function rebuiltWarnings({ target, damage }: BuiltTarget): Warning[] {
  if (damage === null) return [];
  return [
    {
      code: 'build-damaged',
      message: `${target.manifest.name}: ${damage}`,
      remedy: 'If it is damaged again and again, look at the disk, and at what else writes there',
    },
  ];
}
