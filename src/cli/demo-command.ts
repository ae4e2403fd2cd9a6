import { Command } from 'commander';
import type { Invocation } from './invocation.js';

export function demoCommand(invocation: Invocation): Command {
  return new Command('demo')
    .description('ten seconds that show what c1m measures, and what each line means')
    .addHelpText('after', '\nExamples:\n  c1m demo')
    .action(async () => {
      const { demoAction } = await import('./demo-action.js');
      invocation.ended(await demoAction(invocation.heed()));
    });
}
