import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noiseShares } from '../../src/compare/noise-floor.js';
import { resultSchema } from '../../src/results/schema.js';
import { noiseLimit } from '../../src/stats/noise-limit.js';
import { root } from '../fixtures/c1m.js';

const folder = join(root, 'results', 'reference-2026-11-24');
const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
const reference = resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));

it('a noise floor is from neighbours, first and second, third and fourth …', () => {
  // Six trials of processes that were really measured.
  const [a, b] = reference.targets.filter(({ name }) => name.startsWith('node'));
  const trials = [...a!.trials, ...b!.trials];
  const rates = trials.map(({ load }) => load.requestsPerSecond);
  const ratios = [rates[0]! / rates[1]!, rates[2]! / rates[3]!, rates[4]! / rates[5]!];
  expect(noiseShares(trials).requestsPerSecond).toBe(noiseLimit(ratios, 3));
});

it('is not known of a figure with fewer than three pairs of valid trials', () => {
  const trials = structuredClone([
    ...reference.targets[0]!.trials,
    ...reference.targets[0]!.trials,
  ]);
  for (const phase of trials[2]!.phases) phase.valid = phase.kind !== 'throughput';
  const shares = noiseShares(trials);
  expect(shares.requestsPerSecond).toBeNull();
  expect(shares.startupMs).not.toBeNull();
});
