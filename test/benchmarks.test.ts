import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { uringSupport } from '../src/uring/support.js';
import { root } from './fixtures/c1m.js';

const flags = ['--rounds', '1', '--seconds', '1', '--connections', '8', '--open', 'null:500:8'];

it('the benchmark writes a table of both workloads, with the clients side by side', async (context) => {
  const why = await whyNot();
  if (why !== null) {
    if (process.env['C1M_REQUIRE_ALL'] === '1') expect.fail(why);
    console.warn(`SKIPPED: the benchmark: ${why}`);
    return context.skip(why);
  }
  const out = join(mkdtempSync(join(tmpdir(), 'c1m-bench-')), 'results.md');
  const script = join(root, 'benchmarks/peers.js');
  execFileSync(process.execPath, [script, ...flags, '--only', 'uring,autocannon', '--out', out]);
  const document = readFileSync(out, 'utf8');

  const closed = rowsUnder(document, '### 8 connections');
  expect(Object.keys(closed).sort()).toEqual(['**c1m uring**', 'autocannon']);
  const [rate, , ratio] = closed['autocannon']!;
  const [uringRate, , none] = closed['**c1m uring**']!;
  expect(none).toBe('**–**');
  expect(Number.parseFloat(ratio!)).toBeCloseTo(figure(uringRate!) / figure(rate!), 1);

  const open = rowsUnder(document, '### 500/s over 8 connections');
  expect(Object.keys(open).sort()).toEqual(['**c1m uring**', 'autocannon']);
  const [p99, sent] = open['**c1m uring**']!;
  expect(figure(p99!)).toBeGreaterThan(0);
  expect(figure(sent!)).toBeGreaterThan(90);
  expect(document).not.toContain(root);
});

async function whyNot(): Promise<string | null> {
  const support = await uringSupport();
  if (!support.available) return support.reason;
  return existsSync('/usr/bin/time')
    ? null
    : 'GNU time is not installed (Debian: apt install time)';
}

/** By their first cell, the other cells of the first table under a heading. */
function rowsUnder(document: string, heading: string): Record<string, string[]> {
  const section = document.slice(document.indexOf(heading)).split('\n#')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return Object.fromEntries(
    rows.slice(2).map((row) => {
      const [name, ...cells] = row.split('|').slice(1, -1);
      return [name!.trim(), cells.map((cell) => cell.trim())];
    }),
  );
}

const figure = (cell: string): number => Number.parseFloat(cell.replace(/[*,]/g, ''));
