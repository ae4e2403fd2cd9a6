import chalk, { Chalk, chalkStderr, type ChalkInstance } from 'chalk';
import { signedColors } from './printing.js';

/** Chalk does not look at NO_COLOR (no-color.org); FORCE_COLOR wins over it, as in Node. */
const plain =
  (process.env['NO_COLOR'] ?? '') !== '' && process.env['FORCE_COLOR'] === undefined
    ? new Chalk({ level: 0 })
    : null;

/** For standard output. */
export const color: ChalkInstance = signedColors(plain ?? chalk);
/** For standard error. */
export const errorColor: ChalkInstance = signedColors(plain ?? chalkStderr);
