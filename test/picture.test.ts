import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './fixtures/c1m.js';

it.each([
  ['compare.svg', '136', 'results/reference-2026-11-24'],
  ['million.svg', '100', 'results/reference-2026-11-24-run'],
])('the README’s picture %s is what c1m prints today', (picture, columns, result) => {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-picture-')), picture);
  const args = ['scripts/picture.js', file, columns, 'report', result];
  execFileSync(process.execPath, args, { cwd: root });
  expect(readFileSync(join(root, 'docs', picture), 'utf8'), 'run: npm run picture').toBe(
    readFileSync(file, 'utf8'),
  );
});
