import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOf } from '../../src/report/history/history.js';
import { historyMetrics } from '../../src/report/history/metrics.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { storeResult } from '../../src/store/writer.js';
import { c1m, root } from '../fixtures/c1m.js';
import { historyFolder, resultOf } from '../fixtures/history-folder.js';
import { serve, type Served } from '../fixtures/serve.js';

interface HistoryDocument {
  readonly results: number;
  readonly targets: {
    readonly name: string;
    readonly summary: Readonly<Record<string, number | null>> | null;
    readonly changePoints: { readonly id: string; readonly share: number; p: number }[] | null;
    readonly points: {
      readonly id: string;
      readonly value: number | null;
      readonly low: number | null;
      readonly high: number | null;
      readonly state: string;
      readonly note: string;
    }[];
  }[];
  readonly leftOut: { readonly count: number; readonly reason: string }[];
  readonly passedOver: { readonly file: string; readonly reason: string }[];
}

/** What `c1m history --json` prints. */
async function history(...args: string[]): Promise<HistoryDocument> {
  const { code, stdout, stderr } = await c1m(['history', ...args, '--json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as HistoryDocument;
}

const folder = historyFolder();
const changedId = 'compare-2026-10-15T12-00-00-000Z';

it('finds the change where it is, in the target that changed, and in no other', async () => {
  const { results, targets, leftOut, passedOver } = await history(folder);
  expect([results, leftOut, passedOver]).toEqual([20, [], []]);
  const [goBare, nodeHttp] = targets;
  expect(goBare!.changePoints).toHaveLength(1);
  const [change] = goBare!.changePoints!;
  expect(change).toMatchObject({ id: changedId, p: 0.001 });
  expect(change!.share).toBeCloseTo(0.5, 1);
  expect(nodeHttp).toMatchObject({ name: 'node-http', changePoints: [] });
});

it('a point is the median of its trials with their range, and what is not valid takes no part', async () => {
  const { targets } = await history(folder, '--target', 'go-bare');
  const [{ points, summary }] = targets as [HistoryDocument['targets'][number]];
  const invalid = points[7]!;
  expect(invalid).toMatchObject({ value: null, low: null, high: null, state: 'invalid' });
  expect(invalid.note).toContain('more than 7.1 ms late');
  expect(summary!['count']).toBe(19);
  const factor = 1 + 0.03 * Math.sin('go-bare'.length);
  const trials = resultOf(0)
    .targets.find(({ name }) => name === 'go-bare')!
    .trials.map(({ phases }) => phases.find(({ kind }) => kind === 'latency')!.latencyUs!.p99)
    .map((p99) => p99 * factor)
    .sort((a, b) => a - b);
  expect([points[0]!.low, points[0]!.value, points[0]!.high]).toEqual(trials);
  // Against the median of those before it, counted by hand.
  const values = points.flatMap(({ value }) => value ?? []);
  const before = values.slice(0, -1).sort((a, b) => a - b);
  const middle = (before[8]! + before[9]!) / 2;
  expect(summary!['lastChange']).toBeCloseTo(values.at(-1)! / middle - 1, 10);
});

it('the terminal shows it in 80 columns without colour', async () => {
  const { stdout } = await c1m(['history', folder], undefined, { env: { COLUMNS: '80' } });
  const lines = stdout.split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).not.toContain('\u001b');
  const sparkline = lines[lines.indexOf('go-bare') + 1]!;
  expect(sparkline).toMatch(/^ {2}[▁▂]{7}×[▁▂]{6}[▇█]{6}$/);
  // The mark is below the first result of the new level.
  expect(lines[lines.indexOf('go-bare') + 2]).toBe(`${' '.repeat(2 + 14)}▲1`);
  expect(stdout).toMatch(/▲1 from 2026-10-15 12:00 on .* instead of .*: \+49\.\d %, worse/);
  expect(stdout).toContain('× 1 of 20 not valid, left out: c1m itself sent');
  expect(stdout).toContain('against the median of the 19 before');
  expect(stdout).toContain('Matteson');
});

it('a line too short for all shows the newest', async () => {
  const { stdout } = await c1m(['history', folder], undefined, { env: { COLUMNS: '16' } });
  expect(stdout).toMatch(/^ {2}[▁▂]{6}[▇█]{6}$/m);
  expect(stdout.replace(/\s+/g, ' ')).toContain('The line shows the newest 12 of 20 results.');
});

describe('what cannot be compared', () => {
  const mixed = mkdtempSync(join(tmpdir(), 'c1m-mixed-'));
  beforeAll(() => {
    for (let day = 0; day < 6; day++) {
      const result = resultOf(day);
      if (day === 1) result.host.fingerprint = 'another';
      if (day === 2) result.scenario = { ...result.scenario, name: 'spike', hash: 'spike-hash' };
      if (day === 3) result.scenario.hash = 'other-load';
      storeResult(mixed, result);
    }
    writeFileSync(join(mixed, 'broken.json'), '{"schemaVersion": 1, "kind": "ru');
    writeFileSync(join(mixed, 'foreign.json'), '{"name": "package"}');
    writeFileSync(join(mixed, 'later.json'), JSON.stringify({ ...resultOf(7), schemaVersion: 99 }));
    writeFileSync(join(mixed, 'cut.json'), JSON.stringify({ ...resultOf(8), targets: [{}] }));
    writeFileSync(join(mixed, 'notes.txt'), 'not looked at');
  });

  it('is left out and said, and files that are no results are named, not fatal', async () => {
    const { results, leftOut, passedOver } = await history(mixed);
    expect(results).toBe(3);
    expect(leftOut.map(({ count }) => count)).toEqual([1, 1, 1]);
    const reasons = leftOut.map(({ reason }) => reason).join('\n');
    expect(reasons).toMatch(/of another host \(.*fingerprint another\)/);
    expect(reasons).toContain('of the scenario spike (--scenario spike)');
    expect(reasons).toContain('of another load under the name compare (--scenario other-load)');
    expect(passedOver.map(({ file }) => file)).toEqual(
      ['broken.json', 'cut.json', 'foreign.json', 'later.json'].map((name) => join(mixed, name)),
    );
    expect(passedOver[3]!.reason).toContain('schema version 99');
    const { stdout } = await c1m(['history', mixed]);
    expect(stdout).toContain(`! ${join(mixed, 'foreign.json')} was passed over: This is no result`);
    expect(stdout).toContain('Change points are looked for from 10 valid results');
  });

  it('is shown where it is asked for, by name or by hash', async () => {
    expect((await history(mixed, '--scenario', 'spike')).results).toBe(1);
    expect((await history(mixed, '--scenario', 'other-load')).results).toBe(1);
  });
});

describe('errors', () => {
  it.each([
    [['--metric', 'p98'], /--metric: There is no metric "p98"\n {2}Did you mean p9\d\?/],
    [['--metric', 'constructor'], /There is no metric "constructor"\n {2}Name one of: p50/],
    [['--scenario', 'compar'], /--scenario: No result is of "compar"\n {2}Did you mean compare\?/],
    [['--target', 'go-bar'], /--target: No result is of "go-bar"\n {2}Did you mean go-bare\?/],
    [['--html', '-', '--json'], /--json: The page is already printed on standard output/],
  ])('%s is told with the remedy', async (flags, message) => {
    const { code, stdout, stderr } = await c1m(['history', folder, ...flags]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('an empty folder says how results are kept, and one that is missing is named', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'c1m-empty-'));
    const { code, stderr } = await c1m(['history', empty]);
    expect(code).toBe(2);
    expect(stderr).toContain(`c1m run -o ${empty} URL`);
    const missing = await c1m(['history', join(empty, 'none')]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('There is no such folder');
  });
});

it('a metric that no result has is said, not guessed', async () => {
  const { stdout } = await c1m(['history', folder, '--metric', 'schedulingDelay']);
  expect(stdout).toContain('No result has a valid figure.');
  expect(stdout).toContain('· 20 of 20 without the figure: It was not watched with --sched.');
});

describe('with results of its own', () => {
  let served: Served;
  const kept = mkdtempSync(join(tmpdir(), 'c1m-kept-'));
  beforeAll(async () => void (served = await serve()));
  afterAll(() => served.stop());

  it('c1m run -o keeps what c1m history reads, for every metric that it has', async () => {
    const ids: string[] = [];
    for (let run = 0; run < 2; run++) {
      const args = ['run', '-c', '4', '-d', '300ms', '-o', kept, '--json', served.url];
      ids.push((JSON.parse((await c1m(args)).stdout) as { id: string }).id);
    }
    const { targets } = await history(kept);
    expect(targets.map(({ name }) => name)).toEqual([served.url]);
    expect(targets[0]!.points.map(({ id }) => id)).toEqual(ids);
    const p99 = ids.map((id) => {
      const text = readFileSync(join(kept, `${id}.json`), 'utf8');
      const { valid, latencyUs } = (
        JSON.parse(text) as {
          targets: { trials: { valid: boolean; latencyUs: { p99: number } }[] }[];
        }
      ).targets[0]!.trials[0]!;
      // On a busy machine a run may say of itself that it is not valid.
      return valid ? latencyUs.p99 : null;
    });
    expect(targets[0]!.points.map(({ value }) => value)).toEqual(p99);
    // What the help and the documentation show, with this server and these folders.
    const documentedRuns = mkdtempSync(join(tmpdir(), 'c1m-documented-'));
    const page = join(documentedRuns, 'history.html');
    const documented = readFileSync(join(root, 'docs/reports.md'), 'utf8');
    const commands = [...documented.matchAll(/^ {4}c1m (.*)$/gm)].map((match) => match[1]!);
    expect(commands.length).toBeGreaterThanOrEqual(3);
    for (const command of commands) {
      const args = command
        .replace('http://localhost:8080/', served.url)
        .replace('10s', '300ms')
        .replace('history.html', page)
        .split(' ')
        .map((word) => (word === 'results' ? documentedRuns : word));
      // 6: on a busy machine, not valid.
      expect([0, 6], command).toContain((await c1m(args)).code);
    }
    expect(readFileSync(page, 'utf8')).toContain('<h1>requests/s over 1 result</h1>');
    const results = ids.map((id) => readStoredResult(join(kept, `${id}.json`)).result);
    for (const name of ['requestsPerSecond', 'mean', 'p50', 'p90', 'p95', 'p999']) {
      const [target] = historyOf(results, { name, ...historyMetrics.get(name)! }, {}).targets;
      const lacking = target!.points.map(({ value }) => value === null);
      expect(lacking).toEqual(p99.map((each) => each === null));
    }
  });
});

it('every metric of the help is one, and the help names all', async () => {
  const { stdout } = await c1m(['history', '--help']);
  const named = /Metrics: (.+?)\.\n/s.exec(stdout)![1]!.split(/,\s+/);
  expect(named).toContain('p99');
  const { stderr } = await c1m(['history', '--metric', 'zzzzzz']);
  expect(/Name one of: (.*)\./.exec(stderr)![1]!.split(', ')).toEqual(named);
  const place = join(root, 'results/reference-2026-11-24');
  const { result } = readStoredResult(place);
  for (const name of named) {
    const [target] = historyOf([result], { name, ...historyMetrics.get(name)! }, {}).targets;
    expect(target!.points, name).toHaveLength(1);
  }
});
