// How often the gate is right on real services: whole gates of what people deploy, with a known change
// or none. Each folder of services/ is a target, which c1m builds when it is first needed. Appends a line
// for each gate, so it can be run in pieces:
//   node benchmarks/gate/services.js fastify same 2 && node benchmarks/gate/services.js fastapi cpu10 …
//   node benchmarks/gate/services.js all
// and `node benchmarks/gate/services.js table` makes a table of all that is there.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { c1m, folderOf } from './service-run.js';
import { keepKbOf, roundsFor } from './service-change.js';
import { lineFile, writeTable } from './service-table.js';

const services = [
  ...['fastify', 'express-ejs', 'go-chi', 'go-gin', 'fastapi', 'flask-gunicorn'],
  ...['spring-boot', 'javalin'],
];
/** What head is told beside what base is. */
const cases = {
  same: () => ({}),
  cpu10: async (service) => ({ EXTRA_CPU: await roundsFor(service, 0.1) }),
  memory: async (service) => ({ KEEP_KB: await keepKbOf(service) }),
};
const kept = fileURLToPath(new URL('../../results/services', import.meta.url));
/** The longest that a gate takes: its budget (8 min at the most), two builds, and the starts before it. */
const longestMs = 20 * 60_000;

const [first = 'table', second, third] = process.argv.slice(2);
if (first === 'table') writeTable(services);
else if (first === 'all') await all(Number(second ?? '1'));
else if (!services.includes(first) || !(second in cases)) usage();
else for (let i = 0; i < Number(third ?? '1'); i++) await run(first, second);

async function all(times) {
  for (let i = 0; i < times; i++)
    for (const name of Object.keys(cases)) for (const service of services) await run(service, name);
}

async function run(service, name) {
  const change = await cases[name](service);
  const head = headOf(service, change);
  const loadAverage = loadavg()[0];
  try {
    // The whole document as well, for whoever asks why.
    const flags = ['--base-target', folderOf(service), '--head-target', head, '--json', '-o', kept];
    const { document, exitCode } = await c1m(['gate', ...flags], longestMs, {}, 'inherit');
    const line = lineOf({ service, case: name, change, loadAverage, exitCode }, document);
    appendFileSync(lineFile, `${JSON.stringify(line)}\n`);
    const { verdict, seconds, pairs, decided } = line;
    console.log(service, name, verdict, `${seconds} s`, `${pairs} pairs`, decided.join(', '));
  } finally {
    rmSync(path.dirname(head), { recursive: true });
  }
}

/** The same service in a folder of its own, whose manifest has the change: it is built by itself. */
function headOf(service, change) {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'gate-head-')), service);
  cpSync(folderOf(service), folder, { recursive: true });
  const file = path.join(folder, 'target.yaml');
  const manifest = parse(readFileSync(file, 'utf8'));
  const texts = Object.entries({ EXTRA_CPU: 0, KEEP_KB: 0, ...change }).map(([variable, n]) => [
    variable,
    String(n),
  ]);
  manifest.env = { ...manifest.env, ...Object.fromEntries(texts) };
  writeFileSync(file, stringify(manifest));
  return folder;
}

function lineOf(what, { host, tool, ...document }) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const { verdict, metrics, pairs, reasons, warnings } = document;
  return {
    ...what,
    startedAt: document.startedAt,
    verdict,
    proven: verdict === 'pass' ? metrics.every(({ proven }) => proven !== false) : null,
    seconds: Math.round(document.durationSeconds),
    pairs: pairs.length,
    // What gave the verdict: of a pass every metric did.
    decided: metrics
      .filter((m) => m.verdict === verdict && m.verdict !== 'pass')
      .map((m) => m.name),
    reasons,
    warnings: warnings.map(({ code, message }) => ({ code, message })),
    host: { fingerprint: host.fingerprint, cpuModel: host.cpuModel, cpus: host.cpus },
    ...{ kernel: host.kernel, node: tool.node, commit },
    metrics: metrics.map(({ name, ratio, low, high, verdict, proven, reason }) => ({
      ...{ name, ratio, low, high, verdict, proven, reason },
    })),
  };
}

function usage() {
  console.error(
    `services.js SERVICE CASE [TIMES], services.js all [TIMES], or services.js table
  SERVICE is one of ${services.join(', ')}
  CASE is one of ${Object.keys(cases).join(', ')}`,
  );
  process.exitCode = 2;
}
