import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './fixtures/c1m.js';

it('works from the packed package, and writes nothing into it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-packed-'));
  // The build is there already: prepare would only repeat it.
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: root });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  const install = ['install', '--no-audit', '--no-fund', '--silent', join(folder, tarball)];
  execFileSync('npm', install, { cwd: folder });
  const installed = join(folder, 'node_modules', 'c1m');
  const before = readdirSync(installed, { recursive: true }).length;

  // What the entry's types import is there; those of the other folders stay at home.
  const types = declarations(join(installed, 'dist', 'index.d.ts'));
  expect(types.length).toBeGreaterThan(10);
  expect(existsSync(join(installed, 'dist', 'cli', 'main.d.ts'))).toBe(false);

  const command = ['c1m', 'compare', '--scenario', 'smoke', 'node-http', 'go-bare'];
  const compared = spawnSync('npx', command, { cwd: folder, encoding: 'utf8' });
  expect(compared.status, compared.stderr).toBe(0);
  expect(compared.stdout).toContain('node-http');
  expect(compared.stdout).toContain('go-bare');
  expect(existsSync(join(folder, 'results'))).toBe(true);
  expect(readdirSync(installed, { recursive: true }).length).toBe(before);

  // The page is drawn by what the build bundled: the package brings no library for charts.
  const drawn = spawnSync('npx', ['c1m', 'report', 'results', '--html', 'report.html'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(drawn.status, drawn.stderr).toBe(0);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Latency by percentile');
  const packages = readdirSync(join(folder, 'node_modules'));
  expect(packages.filter((name) => /^(d3|esbuild|playwright|axe)/.test(name))).toEqual([]);
  expect(diskBytesIn(join(folder, 'node_modules'))).toBeLessThan(26_000_000);

  writeFileSync(
    join(folder, 'library.js'),
    `import { run, compare } from 'c1m';
     const { result } = await run('node-http', { requests: '50' });
     if (typeof compare !== 'function') throw new Error('no compare');
     console.log(result.targets[0].trials[0].load.responses);`,
  );
  const output = execFileSync(process.execPath, ['library.js'], { cwd: folder, encoding: 'utf8' });
  expect(output.trim()).toBe('50');
}, 240_000);

/** As `du` counts them: in blocks, folders included. */
function diskBytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + lstatSync(join(folder, name)).blocks * 512,
    0,
  );
}

/** A declaration file and all that it imports; throws where one is missing. */
function declarations(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, name] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
    declarations(join(dirname(file), `${name!}.d.ts`), seen);
  }
  return [...seen];
}
