// Takes the pictures of the page for docs/, from the reference result: node scripts/page-pictures.js
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(mkdtempSync(join(tmpdir(), 'c1m-page-')), 'report.html');
const result = join(root, 'results', 'reference-2026-11-24');
execFileSync(process.execPath, [join(root, 'bin/c1m.js'), 'report', result, '--html', page]);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const views = [
  { name: 'report-light.png', colorScheme: 'light', width: 960, height: 1460 },
  { name: 'report-narrow-dark.png', colorScheme: 'dark', width: 360, height: 1460 },
];
for (const { name, colorScheme, width, height } of views) {
  const tab = await browser.newPage({ colorScheme, viewport: { width, height } });
  await tab.goto(pathToFileURL(page).href);
  if (width === 360) await tab.evaluate("document.querySelector('#latency').scrollIntoView()");
  await tab.screenshot({ path: join(root, 'docs', name) });
}
await browser.close();
