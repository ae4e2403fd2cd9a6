import { Command } from 'commander';
import type { CalibrateFlags } from './calibrate-action.js';

const examples = `
Examples:
  c1m calibrate                             every engine, with one thread and with the default
  c1m calibrate --engines uring --threads 1,2
  c1m calibrate --show                      what was measured before`;

export function calibrateCommand(signal: AbortSignal): Command {
  return new Command('calibrate')
    .summary('find out what the load generator itself can do on this machine')
    .description(
      'Measures, for each engine, the most requests per second that c1m can make here, against a\n' +
        'server that hardly does anything, and how late it sends on the way there (p50 and p99). Runs\n' +
        'quote it: near the ceiling they warn, at the ceiling they are not valid. About half a minute\n' +
        'for each engine and number of threads.',
    )
    .option('--engines <list>', 'uring, net, undici', 'uring,net,undici')
    .option('--threads <list>', 'worker threads, such as 1,2 (default: as c1m run has)')
    .option('--duration <time>', 'of each of the eight measurements', '3s')
    .option('--show', 'only print what was measured before')
    .option('--json', 'print it as JSON')
    .addHelpText('after', examples)
    .action(async (flags: CalibrateFlags) => {
      const { calibrateAction } = await import('./calibrate-action.js');
      await calibrateAction(flags, signal);
    });
}
