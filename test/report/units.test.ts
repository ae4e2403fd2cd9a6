import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { compareReport } from '../../src/report/compare-report.js';
import { htmlPage } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { resultJunit } from '../../src/report/result-junit.js';
import { runSummary } from '../../src/report/run-summary.js';
import type { RunResult } from '../../src/results/schema.js';
import { readStoredResult } from '../../src/store/stored-result.js';

const reference = fileURLToPath(new URL('../../results/reference-2026-11-24', import.meta.url));
const plain = new Chalk({ level: 0 });

/** A stored comparison, as if its load had been messages. */
function ofMessages(): RunResult {
  const { result } = readStoredResult(reference);
  for (const trial of result.targets.flatMap(({ trials }) => trials)) {
    for (const { load } of [trial, ...trial.phases]) load.unit = 'message';
    // What was said when it was measured is kept as it was said.
    for (const said of [trial, ...trial.phases]) said.warnings = [];
  }
  return result;
}

/** Words of requests, with what is around them; the document itself is left out. */
function requestsIn(report: string): string[] {
  const written = report.replace(/<script.*?<\/script>/gs, '').replace(/<pre>.*?<\/pre>/gs, '');
  return [...written.matchAll(/.{0,30}\b(requests?|req)\b.{0,30}/gi)].map(([found]) => found);
}

const result = ofMessages();

describe('a result of messages speaks of messages', () => {
  it.each([
    ['the table', () => compareReport([result], 200, plain)],
    ['the summary', () => runSummary(result, 200, plain)],
    ['Markdown', () => markdownReport([result])],
    ['JUnit', () => resultJunit([result])],
    ['the page', () => htmlPage([{ result, latencies: new Map() }])],
  ])('in %s', (_, report) => {
    const text = report();
    expect(text).toMatch(/messages\/s/i);
    expect(requestsIn(text)).toEqual([]);
  });

  it('and of requests where it does not say', () => {
    const { result: older } = readStoredResult(reference);
    expect(compareReport([older], 200, plain)).toContain('requests/s');
  });
});
