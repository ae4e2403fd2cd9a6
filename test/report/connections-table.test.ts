import { Chalk } from 'chalk';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectionsTable } from '../../src/report/connections-table.js';
import type { PhaseResult } from '../../src/results/figures.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { root } from '../fixtures/c1m.js';

const { result } = readStoredResult(join(root, 'results/reference-2026-11-24-run'));
const [target] = result.targets;
const [served] = target!.trials[0]!.phases;

/** The cells of a target that held a million connections and then served them like this. */
function cellsOf(sweep: PhaseResult): Record<string, string> {
  const shown = structuredClone(target!);
  const hold = { ...structuredClone(served!), name: 'hold', kind: 'idle' as const };
  shown.trials[0]!.phases = [hold, sweep];
  const table = connectionsTable([{ label: 'it', target: shown }], 400, new Chalk({ level: 0 }))!;
  const cells = (line: string): string[] => line.split('│').map((cell) => cell.trim());
  const lines = table.split('\n').map(cells);
  const head = lines.find((line) => line.includes('connections'))!;
  const row = lines.find((line) => line.includes('it'))!;
  return Object.fromEntries(head.map((title, place) => [title, row[place]!]));
}

it('the table of many connections has the figures of its sweep', () => {
  expect(cellsOf(served!)).toMatchObject({
    connections: '1,000,000',
    p50: '42.0 µs',
    p99: expect.stringMatching(/^(≤ )?4\.07 ms$/) as string,
  });
});

it('marks in it what is only a lower bound, and what is not valid, as every table does', () => {
  const { latencyUs } = served!;
  const unanswered = { ...latencyUs!, censored: 20_000, lowerBounds: ['p99' as const] };
  expect(cellsOf({ ...served!, latencyUs: unanswered })).toMatchObject({ p99: '≥ 4.07 ms' });
  expect(cellsOf({ ...served!, valid: false })['p50']).toBe('! 42.0 µs');
});
