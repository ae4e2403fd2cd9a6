import { Command } from 'commander';

const examples = `
Examples:
  c1m report results                         the newest result of a folder
  c1m report results/compare-….json          a certain one
  c1m report before.json after.json          two side by side`;

export function reportCommand(): Command {
  return new Command('report')
    .description('print the table of stored results again')
    .argument('<results...>', 'files, or folders of which the newest is taken')
    .addHelpText('after', examples)
    .action(async (places: string[]) => {
      const { reportAction } = await import('./report-action.js');
      reportAction(places);
    });
}
