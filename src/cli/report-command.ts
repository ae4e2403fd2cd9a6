import { Command } from 'commander';
import type { ReportFlags } from './report-action.js';

const examples = `
Examples:
  c1m report results                         the newest result of a folder
  c1m report results/compare-….json          a certain one
  c1m report before.json after.json          two side by side
  c1m report results --html report.html      a page to send on`;

export function reportCommand(): Command {
  return new Command('report')
    .description('print the table of stored results again, or write it as a page')
    .argument('<results...>', 'files, or folders of which the newest is taken')
    .option('--html <file>', 'a page in one file, with charts; - is standard output')
    .addHelpText('after', examples)
    .action(async (places: string[], flags: ReportFlags) => {
      const { reportAction } = await import('./report-action.js');
      await reportAction(places, flags);
    });
}
