import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultSchema, type RunResult } from '../../src/results/schema.js';
import { root } from '../fixtures/c1m.js';

/** The committed comparison of nine targets, three trials each. */
export function reference(): RunResult {
  const folder = join(root, 'results', 'reference-2026-11-24');
  const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
  return resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
}
