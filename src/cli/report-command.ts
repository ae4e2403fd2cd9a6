import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { ReportFlags } from './report-flags.js';

const examples = `
Examples:
  c1m report results                         the newest result of a folder
  c1m report results/compare-….json          a certain one
  c1m report before.json after.json          two side by side
  c1m report results --html report.html      a page to send on
  c1m report results --markdown -            a comment for a pull request
  c1m report results/claims-….json --html claims.html   a card for each claim
  c1m report results --csv - | column -s, -t a line per phase of each trial
  c1m report results --junit c1m.xml         for CI: fails where a phase is not valid
  c1m report results --hgrm plots            for HdrHistogram's plotter, a file per phase`;

export function reportCommand(invocation: Invocation): Command {
  return new Command('report')
    .description('print the table of stored results again, or write it in another format')
    .argument('<results...>', 'files, or folders of which the newest is taken')
    .option(
      '--html <file>',
      'a page in one file, with charts; - is standard output, here and below',
    )
    .option('--markdown <file>', 'conclusion and tables, as for a comment')
    .option('--csv <file>', 'a line per recorded phase of each trial, in base units')
    .option('--prometheus <file>', 'in the text exposition format, in seconds and bytes')
    .option('--junit <file>', 'JUnit’s XML: a test case per phase, which fails if not valid')
    .option('--hgrm <dir>', 'the latency of each phase as percentile distribution, in ms')
    .addHelpText('after', examples)
    .action(async (places: string[], flags: ReportFlags) => {
      const { reportAction } = await import('./report-action.js');
      invocation.ended(await reportAction(places, flags));
    });
}
