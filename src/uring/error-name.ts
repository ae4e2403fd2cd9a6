import { constants } from 'node:os';

const names = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));

/** ECONNRESET of 104 (errno(3)). */
export function errorName(errno: number): string | undefined {
  return names.get(errno);
}
