import { FlagReader } from '../config/flag-reader.js';
import { nearestName } from '../basis/nearest-name.js';
import { ConfigError } from '../basis/problem.js';
import type { Parsed } from '../basis/units.js';
import { historyDocument } from '../report/history/document.js';
import { historyOf, type History } from '../report/history/history.js';
import { historyMetrics } from '../report/history/metrics.js';
import { historyReport } from '../report/history/terminal.js';
import { readResultFolder, type ResultFolder } from '../store/folder.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { orFailure, shown, type Outcome } from './outcome.js';
import { writeReport } from './report-file.js';
import { terminalWidth } from './terminal-width.js';

export interface HistoryFlags {
  readonly metric: string;
  readonly scenario?: string;
  readonly target?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** Prints what the results of a folder say of one metric over time. */
export async function historyAction(folder: string, flags: HistoryFlags): Promise<Outcome> {
  const reader = new FlagReader();
  const metric = reader.read('--metric', flags.metric, parseMetric);
  if (flags.json === true && flags.html === '-') {
    reader.accept('--json', {
      ok: false,
      message: 'The page is already printed on standard output',
      remedy: 'Give --html a file, or leave one of the two out.',
    });
  }
  reader.end();
  const { results, passedOver } = readResultFolder(folder);
  if (results.length === 0) throw empty(folder, passedOver);
  const history = historyOf(results, metric!, flags);
  const deliveries = new Deliveries();
  if (flags.html !== undefined) {
    const { historyPage } = await import('../report/history/page.js');
    writeReport(deliveries, '--html', flags.html, historyPage(history, passedOver));
  }
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(historyDocument(history, passedOver), null, 2)}\n`);
  } else if (flags.html === undefined) {
    process.stdout.write(`${historyReport(history, passedOver, terminalWidth(), color)}\n`);
  }
  return shown(orFailure(exitCodes.success, deliveries.complain()));
}

function parseMetric(name: string): Parsed<History['metric']> {
  const metric = historyMetrics.get(name);
  if (metric !== undefined) return { ok: true, value: { name, ...metric } };
  const names = [...historyMetrics.keys()];
  // Of the waits of streams one percentile each stands for all.
  const listed = names.filter((one) => !one.includes('.') || one.endsWith('.p99'));
  const near = nearestName(name, names);
  return {
    ok: false,
    message: `There is no metric ${JSON.stringify(name)}`,
    remedy: near === null ? `Name one of: ${listed.join(', ')}.` : `Did you mean ${near}?`,
  };
}

function empty(folder: string, passedOver: ResultFolder['passedOver']): ConfigError {
  return new ConfigError([
    ...passedOver.map(({ file, reason }) => ({
      where: file,
      message: reason,
      remedy: 'It was passed over.',
    })),
    {
      where: folder,
      message: 'The folder holds no result of c1m run or c1m compare',
      remedy: `Keep some there: c1m run -o ${folder} URL, or c1m compare -o ${folder}, once for each version of the server.`,
    },
  ]);
}
