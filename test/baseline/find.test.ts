import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBaseline } from '../../src/baseline/find.js';
import type { Wanted } from '../../src/baseline/wanted.js';
import { openScenario } from '../../src/config/scenario-catalog.js';
import { scenarioDocument } from '../../src/config/scenario-document.js';
import { parseScenario } from '../../src/config/scenario-file.js';
import { scenarioHash } from '../../src/config/scenario-hash.js';
import type { RunResult } from '../../src/results/schema.js';
import { uringSupport } from '../../src/uring/support.js';
import { reference } from './reference.js';

const text = 'name: mine\nrequests: [{path: /}]\nphases: [{duration: 1s, connections: 8}]';
const scenario = await parseScenario(`${text}\nengine: net`, 'mine.yaml');
const uring = await uringSupport();

/** The committed result, as if it had been measured with that scenario. */
function stored(change: (result: RunResult) => void = () => undefined): RunResult {
  const result = reference();
  result.engine = { name: 'net', reason: null };
  result.cpus = { load: '0', target: '1' };
  const { name } = scenario;
  const hash = scenarioHash(scenario, 'net');
  result.scenario = { name, hash, document: scenarioDocument(scenario) };
  change(result);
  return result;
}

const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  target: 'go-bare',
  scenario: null,
  host: reference().host,
  split: { load: [0], target: [1], warnings: [] },
  uring,
  ...over,
});

function folderOf(...results: (RunResult | string)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  results.forEach((result, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(result));
    // By the file’s time the first would be the newest; what counts is when it was measured.
    utimesSync(file, 2e9 - index, 2e9 - index);
  });
  return folder;
}

describe('a baseline', () => {
  it('is the newest that fits, with its load read back from it', async () => {
    const at = (day: string) => (result: RunResult) =>
      (result.startedAt = `2026-11-${day}T00:00:00Z`);
    const other = stored((result) => {
      at('23')(result);
      result.host.fingerprint = 'another';
    });
    const folder = folderOf(stored(at('20')), stored(at('22')), stored(at('21')), other, 'no JSON');
    const found = await findBaseline(folder, wanted());
    if (!found.found) throw new Error(found.reasons.join('\n'));
    expect(found.baseline.result.startedAt).toBe('2026-11-22T00:00:00Z');
    expect(found.baseline.target.name).toBe('go-bare');
    expect(scenarioHash(found.baseline.scenario, 'net')).toBe(scenarioHash(scenario, 'net'));
  });

  it('is read back from built-in scenarios with files of their own', async () => {
    const jsonApi = await openScenario('json-api');
    const engine = uring.available ? 'uring' : 'net';
    const result = stored((it) => {
      it.engine.name = engine;
      const hash = scenarioHash(jsonApi, engine);
      it.scenario = { name: 'json-api', hash, document: scenarioDocument(jsonApi) };
    });
    const found = await findBaseline(folderOf(result), wanted());
    expect(found.found && found.baseline.scenario.data).toEqual(jsonApi.data);
  });

  it.each<[string, (result: RunResult) => void, Partial<Wanted>, string]>([
    ['another host', (r) => (r.host.fingerprint = 'another'), {}, 'it is of another host: another'],
    ['another target', () => undefined, { target: 'mine' }, 'it has no target mine, but go-bare'],
    ['several targets', () => undefined, { target: null }, 'it has several targets; name one'],
    ['other CPUs', (r) => (r.cpus.load = '2-3'), {}, 'its load ran on CPU 2-3'],
    ['another load', (r) => (r.scenario.hash = 'x'), { scenario }, 'it is of another load'],
    ['a lost load', (r) => (r.scenario.hash = 'x'), {}, 'give the same load with --scenario'],
    [
      'another engine',
      (r) => (r.engine.name = 'uring'),
      { scenario: { ...scenario, seed: 7 } },
      'with the engine uring, and this would be net',
    ],
    [
      'no valid trial',
      (r) => r.targets.forEach(({ trials }) => trials.forEach((t) => (t.complete = false))),
      {},
      'none of its 3 trials is valid',
    ],
    [
      'another version',
      (r) => ((r as { schemaVersion: number }).schemaVersion = 99),
      {},
      'version 99',
    ],
    [
      'a URL',
      ({ targets: [target] }) =>
        Object.assign(target!, {
          name: 'http://x/',
          url: 'http://x/',
          runtime: 'unknown',
          family: 'custom',
        }),
      { target: 'http://x/' },
      'it was measured at http://x/',
    ],
  ])('is none of %s', async (_, change, over, reason) => {
    const found = await findBaseline(folderOf(stored(change)), wanted(over));
    expect(found.found ? [] : found.reasons.join('\n')).toContain(reason);
  });

  it('is none of a file that is missing, or a folder without results', async () => {
    for (const place of [join(tmpdir(), 'no-such-file.json'), folderOf()]) {
      const found = await findBaseline(place, wanted());
      expect(found.found ? [] : found.reasons.join()).toContain(place);
    }
  });
});
