import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOf } from '../../src/report/history/history.js';
import { historyMetrics } from '../../src/report/history/metrics.js';
import { historyPage } from '../../src/report/history/page.js';
import { htmlPage } from '../../src/report/html/page.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { c1m, root } from '../fixtures/c1m.js';
import { hasChromium, openChromium } from '../fixtures/chromium.js';
import { historyFolder, resultOf } from '../fixtures/history-folder.js';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const folder = mkdtempSync(join(tmpdir(), 'c1m-page-'));

const comparison = join(folder, 'comparison.html');
const single = join(folder, 'run.html');
const hostile = join(folder, 'hostile.html');

const history = join(folder, 'history.html');
const hostileHistory = join(folder, 'hostile-history.html');

const pages = [comparison, single, hostile, history, hostileHistory];
const views = pages.flatMap((file) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    [1280, 360].map((width) => ({ name: basename(file), file, theme, width })),
  ),
);

/** A target whose name is a program, and very long. */
function writeHostile(): void {
  const stored = readStoredResult(join(root, 'results/reference-2026-11-24-million'));
  const [target] = stored.result.targets;
  target!.name = `</script></title><script>alert(1)</script><img src=x onerror=alert(2)>${'long'.repeat(60)}`;
  const warning = {
    code: 'x',
    message: '<img src=http://127.0.0.1:9/x>',
    remedy: '"><svg onload=alert(3)>',
  };
  target!.trials[0]!.phases[0]!.warnings.push(warning);
  writeFileSync(hostile, htmlPage([stored]));
}

const program = `</script></title><script>alert(1)</script><img src=x onerror=alert(2)>`;

/** Every name in it is a program. */
function writeHostileHistory(): void {
  const results = [0, 1].map((day) => {
    const result = resultOf(day);
    result.id += program;
    result.scenario.name = program;
    result.host.cpuModel = program;
    result.tool.version = program;
    const [first] = result.targets;
    first!.name = `${program}${'long'.repeat(60)}`;
    result.failures.push({ name: program, runtime: '', trial: 0, reason: program, remedy: '' });
    return result;
  });
  const metric = { name: 'p99', ...historyMetrics.get('p99')! };
  const passedOver = [{ file: program, reason: program }];
  writeFileSync(hostileHistory, historyPage(historyOf(results, metric, {}), passedOver));
}

describe.skipIf(!hasChromium())('in a browser', () => {
  let browser: BrowserContext;
  beforeAll(async () => {
    const reference = join(root, 'results/reference-2026-11-24');
    for (const [result, file] of [
      [reference, comparison],
      [`${reference}-run`, single],
    ] as const) {
      const { code, stderr } = await c1m(['report', result, '--html', file]);
      expect(code, stderr).toBe(0);
    }
    writeHostile();
    const { code, stderr } = await c1m(['history', historyFolder(), '--html', history]);
    expect(code, stderr).toBe(0);
    writeHostileHistory();
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  /** Opens a page as a reader would, from the disk, and notes all that it complains about or asks for. */
  async function open(
    file: string,
    theme: 'light' | 'dark',
    width: number,
  ): Promise<[Page, string[]]> {
    const page = await browser.newPage();
    const noted: string[] = [];
    page.on('console', (message) => noted.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      noted.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) noted.push(`request: ${request.url()}`);
    });
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(pathToFileURL(file).href);
    return [page, noted];
  }

  it.each(views)(
    '$name, $theme, $width wide, asks for nothing, fits, and axe finds nothing in it',
    async ({ file, theme, width }) => {
      const [page, noted] = await open(file, theme, width);
      await page.evaluate(
        "document.querySelectorAll('details').forEach((each) => (each.open = true))",
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );
      expect(noted).toEqual([]);
      // The page's own policy would refuse a further script element; this is none.
      await page.evaluate(axeSource);
      const { violations, passes } = await page.evaluate<AxeResults>(
        // Of what passes, one element is enough: to name each takes most of the time.
        "axe.run({ resultTypes: ['violations'] })",
      );
      expect(
        violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
        ),
      ).toEqual([]);
      expect(passes.length).toBeGreaterThan(10);
      await page.close();
    },
  );

  it('shows one drawing of each chart, the narrow one on a narrow screen', async () => {
    for (const [width, shown, hidden] of [
      [1280, 'wide', 'narrow'],
      [360, 'narrow', 'wide'],
    ] as const) {
      const [page] = await open(comparison, 'light', width);
      expect(await page.locator(`figure > svg.${shown}`).first().isVisible()).toBe(true);
      expect(await page.locator(`figure > svg.${hidden}`).first().isVisible()).toBe(false);
      await page.close();
    }
  });

  it('a history names its change point in the chart and in the words of its table', async () => {
    const [page] = await open(history, 'light', 1280);
    const events = page.locator('#target-1 svg.wide .event-name');
    expect(await events.allTextContents()).toEqual(['▲1']);
    await page.locator('#target-1 summary').click();
    const row = page.locator('#target-1 tbody tr').filter({ hasText: '▲1' });
    expect(await row.textContent()).toContain('2026-10-15 12:00');
    expect(await page.locator('#target-1 tbody tr').count()).toBe(20);
    expect(await page.locator('#target-1 .invalid').textContent()).toContain('7.1 ms late');
    expect(await page.locator('#target-2 .event').count()).toBe(0);
    await page.close();
  });

  it('saves the raw data as the document that it was made from', async () => {
    const [page] = await open(comparison, 'light', 1280);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Save compare-/ }).click(),
    ]);
    const saved = join(folder, 'saved.json');
    await download.saveAs(saved);
    const { result } = readStoredResult(join(root, 'results/reference-2026-11-24'));
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual(JSON.parse(JSON.stringify(result)));
    await page.close();
  });

  it('can be read without its script, and on paper', async () => {
    const [page] = await open(comparison, 'dark', 1280);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe('rgb(255, 255, 255)');
    expect(await page.locator('figure > svg.wide').first().isVisible()).toBe(true);
    expect((await page.pdf()).subarray(0, 4).toString()).toBe('%PDF');
    await page.close();
  });
});
