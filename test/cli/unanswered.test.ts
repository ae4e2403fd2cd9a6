import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { resultSchema } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { withholding, type Withheld } from '../fixtures/withholding.js';

let close: () => void = () => undefined;
afterEach(() => close());

async function serverThat(how: Withheld): Promise<string> {
  const server = await withholding(how, (k) => k === 100 || k === 300);
  ({ close } = server);
  return server.url;
}

const load = ['run', '-n', '400', '-c', '4', '--timeout', '500ms', '-q'];
const failIf = (...conditions: string[]): string[] => conditions.flatMap((c) => ['--fail-if', c]);

it('a limit above does not hold of what may have taken longer, and every report marks it', async () => {
  const url = await serverThat('never');
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  // The second limit is above the lower bound, which proves nothing.
  const conditions = failIf('max<=400ms', 'p99.9<=30s', 'p99<=20s', 'max<=30s');
  const { code, stdout } = await c1m([...load, ...conditions, '-o', folder, url]);
  expect(code, stdout).toBe(3);
  const because = 'bounded from below because 2 requests were not answered, does not hold';
  expect(stdout).toMatch(new RegExp(`max <= 400 ms: at least [\\d.]+ ms, ${because}`));
  expect(stdout).toMatch(new RegExp(`p99.9 <= 30 s: at least [\\d.]+ ms, ${because}`));
  expect(stdout).toMatch(new RegExp(`max <= 30 s: at least [\\d.]+ ms, ${because}`));
  expect(stdout).toMatch(/p99 <= 20 s: [\d.]+ .?s, holds/);
  expect(stdout).toMatch(/99\.9 % │ +≥ [5-9]\d\d ms/);
  expect(stdout).toMatch(/max │ +≥ [5-9]\d\d ms/);
  expect(stdout).toMatch(/mean │ +≥ /);
  expect(stdout).toMatch(/ 99 % │ +[\d.]+ .?s/);
  expect(stdout).toContain('≥: 2 of 400 requests were not answered');

  const stored = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.json'))!,
  );
  const { thresholds } = resultSchema.parse(JSON.parse(readFileSync(stored, 'utf8')));
  expect(thresholds.map(({ censored, holds }) => [censored, holds])).toEqual([
    [2, false],
    [2, false],
    [0, true],
    [2, false],
  ]);
  const report = async (...flags: string[]): Promise<string> =>
    (await c1m(['report', stored, ...flags])).stdout;
  const marked = /≥ [5-9]\d\d ms/;
  const said = '2 of 400 requests were not answered';
  const terminal = (await report()).replace(/\s+/g, ' ');
  expect(terminal).toMatch(marked);
  expect(terminal).toContain(said);
  const markdown = await report('--markdown', '-');
  expect(markdown).toMatch(marked);
  expect(markdown).toContain(said);
  const csv = await report('--csv', '-');
  const [names, values] = csv.split('\r\n').map((line) => line.split(','));
  const cell = (name: string): string => values![names!.indexOf(name)]!;
  expect(cell('latencyUsCensored')).toBe('2');
  expect(cell('latencyUsLowerBounds')).toBe('mean p999 p9999 max');
  expect(cell('sendDelayUsCensored')).toBe('0');
  const metrics = await report('--prometheus', '-');
  expect(metrics).toMatch(/^c1m_latency_censored_requests\{.*\} 2$/m);
  expect(metrics).toMatch(/^c1m_service_time_censored_requests\{.*\} 2$/m);
  const junit = join(folder, 'junit.xml');
  await report('--junit', junit);
  expect(readFileSync(junit, 'utf8')).toContain(said);
  const html = join(folder, 'page.html');
  await report('--html', html);
  const page = readFileSync(html, 'utf8');
  expect(page).toContain('<span class="bound">≥</span>');
  expect(page).toContain(said);
  expect(page).toMatch(marked);
});

it('the summary says how many requests have no latency', async () => {
  const url = await serverThat('reset');
  const { stdout } = await c1m([...load, url]);
  expect(stdout).toMatch(/ 2 of 400 requests have no latency: 2 (reset|closed-before-response)\./);
  expect(stdout).not.toContain('≥');
});

it('says nothing of the kind where all were answered', async () => {
  const server = await withholding('never', () => false);
  ({ close } = server);
  const { stdout } = await c1m([...load, server.url]);
  expect(stdout).not.toContain('≥');
  expect(stdout).not.toContain('no latency');
});
