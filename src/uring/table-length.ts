import { constants } from 'node:os';
import { SystemError } from './libc.js';

/** A place has to fit into 16 bits of user data, with room for the table's end. */
const mostBits = 15;
const fewestBits = 6;

/**
 * Makes something with tables of direct descriptors as long as the kernel lets them be: RLIMIT_NOFILE,
 * rounded down to a power of two (EMFILE says that it was too long).
 */
export function withLongestTables<T>(make: (bits: number) => T): T {
  for (let bits = mostBits; ; bits--) {
    try {
      return make(bits);
    } catch (error) {
      const tooLong = error instanceof SystemError && error.errno === constants.errno.EMFILE;
      if (!tooLong || bits === fewestBits) throw error;
    }
  }
}
