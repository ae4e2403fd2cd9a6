import { Command } from 'commander';
import type { ClaimsFlags } from './claims-action.js';
import type { Invocation } from './invocation.js';

const examples = `
Examples:
  c1m claims                          all of them, in some minutes
  c1m claims --quick                  with fewer processes, so with wider intervals
  c1m claims event-bus cold-start     certain ones
  c1m claims --list                   what there is, and what each needs that is missing here
  c1m claims --resume                 goes on where the last call was interrupted
  c1m claims ./claims/ours.yaml       a claim of your own: docs/claims.md says how one is written
  c1m report results --html claims.html      a page with a card for each claim`;

export function claimsCommand(invocation: Invocation): Command {
  return new Command('claims')
    .summary('measure the claims of an article again, and say which of them hold')
    .description(
      'Measures published claims again, on this machine, and says of each what was said, what was ' +
        'measured, and whether it holds, does not hold, holds in part, cannot be told or cannot be ' +
        'measured here. A verdict rests on 95 % intervals over fresh processes.',
    )
    .argument(
      '[claims...]',
      'names of claims, or files with your own (default: all that come with c1m)',
    )
    .option('--list', 'say which claims there are and what they need, and measure nothing')
    .option('--quick', 'with fewer processes of each arm')
    .option('--resume', 'go on with the newest result of the folder, and keep what it has')
    .option('--no-live', 'lines on standard error in place of a view, on a terminal as well')
    .option('--json', 'print the result document, and nothing else, on standard output')
    .option('-o, --output <dir>', 'where the result is kept', 'results')
    .addHelpText('after', examples)
    .action(async (names: string[], flags: ClaimsFlags) => {
      const { claimsAction } = await import('./claims-action.js');
      invocation.ended(await claimsAction(names, flags, invocation.heed()));
    });
}
