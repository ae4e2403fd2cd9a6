import { claimsReport } from '../report/claims/terminal.js';
import { compareReport } from '../report/compare-report.js';
import { gateTable } from '../report/gate-table.js';
import { runSummary } from '../report/run-summary.js';
import { wakeupReport } from '../report/wakeup-table.js';
import { isLoad, readResult } from '../store/reader.js';
import { readStoredResult, type StoredResult } from '../store/stored-result.js';
import { color } from './color.js';
import { Deliveries } from './deliveries.js';
import { exitCodes } from './exit-codes.js';
import { orFailure, shown, type Outcome } from './outcome.js';
import { reportClaims } from './report-claims.js';
import type { ReportFlags } from './report-flags.js';
import { terminalWidth } from './terminal-width.js';
import { writeFolder, writeReport } from './report-file.js';

/** Prints the table, or writes what the flags ask for in place of it. */
export async function reportAction(
  places: readonly string[],
  flags: ReportFlags,
): Promise<Outcome> {
  if (Object.keys(flags).length === 0) {
    process.stdout.write(`${terminalReport(places)}\n`);
    return shown();
  }
  const deliveries = new Deliveries();
  const [place] = places;
  if (places.length === 1 && (flags.html ?? flags.markdown) !== undefined) {
    const result = readResult(place!);
    if (result.kind === 'claims') return reportClaims(place!, result, flags, deliveries);
  }
  const stored = places.map(readStoredResult);
  const results = stored.map(({ result }) => result);
  if (flags.html !== undefined) {
    const { htmlPage } = await import('../report/html/page.js');
    writeReport(deliveries, '--html', flags.html, htmlPage(stored));
  }
  if (flags.markdown !== undefined) {
    const { markdownReport } = await import('../report/markdown.js');
    writeReport(deliveries, '--markdown', flags.markdown, markdownReport(results));
  }
  if (flags.csv !== undefined) {
    const { csvReport } = await import('../report/csv.js');
    writeReport(deliveries, '--csv', flags.csv, csvReport(results));
  }
  if (flags.prometheus !== undefined) {
    const { prometheusReport } = await import('../report/prometheus.js');
    writeReport(deliveries, '--prometheus', flags.prometheus, prometheusReport(results));
  }
  if (flags.junit !== undefined) {
    const { resultJunit } = await import('../report/result-junit.js');
    writeReport(deliveries, '--junit', flags.junit, resultJunit(results));
  }
  if (flags.hgrm !== undefined) await writeHgrm(deliveries, flags.hgrm, stored);
  return shown(orFailure(exitCodes.success, deliveries.complain()));
}

async function writeHgrm(
  deliveries: Deliveries,
  folder: string,
  stored: readonly StoredResult[],
): Promise<void> {
  const { hgrmFiles } = await import('../report/hgrm.js');
  const files = hgrmFiles(stored);
  if (files.length > 0) {
    writeFolder(deliveries, '--hgrm', folder, files);
    return;
  }
  const reasons = stored.flatMap(({ latencies }) =>
    [...latencies.values()].flatMap((reading) => (reading.ok ? [] : [reading.reason])),
  );
  const why = reasons[0] === undefined ? 'nothing was answered' : reasons[0];
  throw new Error(
    `--hgrm: there are no histograms: ${why}. Keep the .hlog files beside the result.`,
  );
}

/** What can stand side by side does; results of other commands follow one by one. */
function terminalReport(places: readonly string[]): string {
  const results = places.map(readResult);
  const wakeups = results.filter((result) => result.kind === 'wakeup');
  const gates = results.filter((result) => result.kind === 'gate');
  const claims = results.filter((result) => result.kind === 'claims');
  const loads = results.filter(isLoad);
  const texts = [
    ...gates.map((result) => gateTable(result, color)),
    ...wakeups.map((result) => wakeupReport(result, terminalWidth(), color)),
    ...claims.map((result) => claimsReport(result, terminalWidth(), color)),
  ];
  const [only] = loads;
  if (only !== undefined) {
    const single = loads.length === 1 && only.kind === 'run';
    texts.unshift(
      single
        ? runSummary(only, terminalWidth(), color)
        : compareReport(loads, terminalWidth(), color),
    );
  }
  return texts.join('\n\n');
}
