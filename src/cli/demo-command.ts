import { Command } from 'commander';

export function demoCommand(signal: AbortSignal): Command {
  return new Command('demo')
    .description('ten seconds that show what c1m measures, and what each line means')
    .addHelpText('after', '\nExamples:\n  c1m demo')
    .action(async () => {
      const { demoAction } = await import('./demo-action.js');
      await demoAction(signal);
    });
}
