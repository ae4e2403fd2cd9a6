// What c1m costs before it does anything: the time to start, and the bytes of an installation.
// Appends a section with host and versions to a dated Markdown file. After `npm run build`:
//   node benchmarks/feel.js [--rounds 20] [--out FILE.md]
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../dist/stats/sample.js';
import { beginNote, datedFile } from './dated-notes.js';
import { table } from './peers/markdown.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    out: { type: 'string', default: datedFile('feel') },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number from 1 on');

/** By what is started, the milliseconds of each round: interleaved, after one that fills the caches. */
function measureStarts() {
  const main = join(root, 'bin', 'c1m.js');
  const starts = {
    'an empty script, Node alone': ['-e', '0'],
    'c1m --version': [main, '--version'],
    c1m: [main],
    'c1m --help': [main, '--help'],
    'c1m run --help': [main, 'run', '--help'],
  };
  const times = Object.fromEntries(Object.keys(starts).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of Object.entries(starts)) {
      const began = process.hrtime.bigint();
      execFileSync(process.execPath, args, { stdio: 'ignore' });
      const took = Number(process.hrtime.bigint() - began) / 1e6;
      if (round >= 0) times[name].push(took);
    }
  }
  return times;
}

/** Packs c1m, installs the package as a user does, and counts blocks of the disk as `du` does. */
function measureInstallation() {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-feel-'));
  try {
    const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    execFileSync('npm', pack, { cwd: root });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), '{"private": true}');
    const install = ['install', '--no-audit', '--no-fund', '--silent', `./${tarball}`];
    execFileSync('npm', install, { cwd: folder });
    const modules = join(folder, 'node_modules');
    const sizes = packages(modules).map((name) => [name, diskBytes(join(modules, name))]);
    return {
      tarball: lstatSync(join(folder, tarball)).size,
      installed: diskBytes(modules),
      packages: sizes.sort((a, b) => b[1] - a[1]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function packages(modules) {
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : name,
  );
}

function diskBytes(folder) {
  const names = readdirSync(folder, { recursive: true });
  const blocks = names.map((name) => lstatSync(join(folder, name)).blocks);
  return blocks.reduce((sum, count) => sum + count * 512, lstatSync(folder).blocks * 512);
}

const ms = (value) => value.toFixed(0);
const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

const heading =
  '# What c1m costs before it does anything\n\nBy `node benchmarks/feel.js`. Sizes are blocks on the disk, as `du` counts them, of what `npm install` of the packed package leaves in `node_modules` on this platform, optional dependencies included.\n';
const note = beginNote(values.out, heading);
const times = measureStarts();
const installation = measureInstallation();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const startRows = Object.entries(times).map(([name, taken]) => [
  name,
  ms(median(taken)),
  ms(Math.min(...taken)),
  ms(Math.max(...taken)),
]);
note(`c1m ${version}, `, `${rounds} rounds`, [
  table(['start to end, ms', 'median', 'least', 'most'], startRows),
  table(
    ['installation', 'MB'],
    [
      ['the package, packed', megabytes(installation.tarball)],
      ['**installed, on disk**', `**${megabytes(installation.installed)}**`],
      ...installation.packages.slice(0, 8).map(([name, bytes]) => [name, megabytes(bytes)]),
    ],
  ),
]);
