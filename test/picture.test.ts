import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './fixtures/c1m.js';

it('the README’s picture is what c1m prints today', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-picture-')), 'compare.svg');
  const args = ['136', 'report', 'results/reference-2026-11-24'];
  execFileSync(process.execPath, ['scripts/picture.js', file, ...args], { cwd: root });
  expect(readFileSync(join(root, 'docs', 'compare.svg'), 'utf8'), 'run: npm run picture').toBe(
    readFileSync(file, 'utf8'),
  );
});
