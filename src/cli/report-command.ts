import { Command } from 'commander';
import { compareReport } from '../report/compare-report.js';
import { readResult } from '../results/reader.js';
import { terminalWidth } from './terminal-width.js';

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
    .action((places: string[]) => {
      process.stdout.write(`${compareReport(places.map(readResult), terminalWidth())}\n`);
    });
}
