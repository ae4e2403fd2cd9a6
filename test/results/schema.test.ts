import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../fixtures/c1m.js';

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

// The reference result is older than `warnings` and `host.cgroup`, so it shows that these may be missing.
it('the published JSON Schema accepts a real result, and refuses one with a figure missing', () => {
  const schema = read('schema', 'result.schema.json') as object;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const folder = ['results', 'reference-2026-11-24'];
  const file = readdirSync(join(root, ...folder)).find((name) => name.endsWith('.json'))!;
  const result = read(...folder, file) as { targets: { trials: { load?: unknown }[] }[] };
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  delete result.targets[0]!.trials[0]!.load;
  expect(validate(result)).toBe(false);
});
