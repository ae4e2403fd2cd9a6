import { Command, Option } from 'commander';
import type { Invocation } from './invocation.js';
import type { CalibrateFlags } from './calibrate-action.js';

const examples = `
Examples:
  c1m calibrate                             every engine, and the noise floor
  c1m calibrate --only noise                a minute, before c1m compare
  c1m calibrate --only ceilings --engines uring --threads 1,2
  c1m calibrate --show                      what was measured before`;

export function calibrateCommand(invocation: Invocation): Command {
  return new Command('calibrate')
    .summary('find out what the load generator and this machine can tell')
    .description(
      'Ceilings: measures, for each engine, the most requests per second that c1m can make here,\n' +
        'against a server that hardly does anything, and how late it sends on the way there (p50 and\n' +
        'p99). Runs quote it: near the ceiling they warn, at the ceiling they are not valid. About half\n' +
        'a minute for each engine and number of threads.\n\n' +
        'Noise floor: measures a reference server against itself, in fresh processes by turns, as c1m\n' +
        'compare does. No smaller difference between targets counts from then on. About a minute.',
    )
    .addOption(
      new Option('--only <part>', 'leave out the other one').choices(['ceilings', 'noise']),
    )
    .option('--engines <list>', 'uring, net, undici', 'uring,net,undici')
    .option('--threads <list>', 'worker threads, such as 1,2 (default: as c1m run has)')
    .option('--duration <time>', 'of each of the eight measurements of a ceiling', '3s')
    .option('--pairs <n>', 'of processes for the noise floor, at least 3', '5')
    .option('--show', 'only print what was measured before')
    .option('--json', 'print it as JSON')
    .addHelpText('after', examples)
    .action(async (flags: CalibrateFlags) => {
      const { calibrateAction } = await import('./calibrate-action.js');
      invocation.ended(await calibrateAction(flags, invocation.heed()));
    });
}
