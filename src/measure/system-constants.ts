import { readFileSync } from 'node:fs';

/** What the kernel handed this process at its start (getauxval(3), /proc/self/auxv). */
interface SystemConstants {
  readonly pageBytes: number;
  /** Clock ticks per second in /proc (USER_HZ). */
  readonly ticksPerSecond: number;
}

const pageSizeEntry = 6;
const clockTicksEntry = 17;

export const systemConstants: SystemConstants = readAuxiliaryVector();

/** As getconf(1) would print them, without starting it. Without /proc, the values of every x86. */
function readAuxiliaryVector(): SystemConstants {
  const entries = new Map<number, number>();
  const wordBytes = process.arch === 'arm' || process.arch === 'ia32' ? 4 : 8;
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 2 * wordBytes <= vector.length; at += 2 * wordBytes) {
      // The low 32 bits hold all of the two values that matter.
      entries.set(vector.readUInt32LE(at), vector.readUInt32LE(at + wordBytes));
    }
  } catch {
    // Not Linux: nothing is read in pages or ticks there.
  }
  return {
    pageBytes: entries.get(pageSizeEntry) ?? 4096,
    ticksPerSecond: entries.get(clockTicksEntry) ?? 100,
  };
}
