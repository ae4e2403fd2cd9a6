// How often the gate is right on this host: whole gates of real servers, with a known change or none.
// Appends a line for each gate, so it can be run in pieces:
//   node benchmarks/gate/shown.js aa 20 && node benchmarks/gate/shown.js slow5 10 …
// and `node benchmarks/gate/shown.js table` makes a table of all that is there for this host.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const file = here('shown.jsonl');
const c1m = here('../../bin/c1m.js');
const baseRounds = 2_000;

const command = (flags) => [process.execPath, here('server.js'), ...flags].join(' ');
const cpuOf = (rounds) => {
  const server = spawn(process.execPath, [here('server.js'), '--rounds', String(rounds)], {
    env: { ...process.env, PORT: '19555' },
    stdio: 'ignore',
  });
  try {
    const flags = ['--pid', String(server.pid), '-c', '32', '-d', '2s', '--warmup', '2s'];
    for (let attempt = 0; attempt < 20; attempt++) {
      const words = [c1m, 'run', '--json', '-q', ...flags, 'http://127.0.0.1:19555/'];
      const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      const trial = stdout === '' ? null : JSON.parse(stdout).targets[0].trials[0];
      if (trial !== null && trial.load.responses > 0) return trial.server.cpuUsPerRequest;
    }
    throw new Error('the server does not answer');
  } finally {
    server.kill('SIGKILL');
  }
};

/** Rounds that make a request cost so much more CPU time. */
const slower = (share) => {
  const [few, many] = [cpuOf(baseRounds), cpuOf(baseRounds * 6)];
  const perRound = (many - few) / (baseRounds * 5);
  return Math.round(baseRounds + (share * few) / perRound);
};

const rounds = (n) => ['--rounds', String(n)];
const cases = {
  aa: { head: () => rounds(baseRounds), finds: null },
  hog: { head: () => rounds(baseRounds), finds: null, hog: true },
  slow5: { head: () => rounds(slower(0.05)), finds: 'cpuUsPerRequest' },
  slow10: { head: () => rounds(slower(0.1)), finds: 'cpuUsPerRequest' },
  p99: { head: () => [...rounds(baseRounds), '--late', '50'], finds: 'p99' },
  memory: { head: () => [...rounds(baseRounds), '--hoard', '1024'], finds: 'bytesPerConnection' },
};

/** A neighbour that comes and goes, a second of work and a second of rest, as long as this runs. */
const hog = () => {
  const script = `setInterval(() => {
    if (process.ppid !== ${process.pid}) process.exit();
    const end = Date.now() + 1000;
    while (Date.now() < end);
  }, 2000)`;
  return spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
};

const [name = 'table', times = '1'] = process.argv.slice(2);
if (name === 'table') table();
else for (let i = 0; i < Number(times); i++) run(name);

function run(name) {
  const { head, hog: disturbed } = cases[name];
  const neighbour = disturbed ? hog() : null;
  const flags = ['--base-command', command(rounds(baseRounds)), '--head-command', command(head())];
  const { stdout, stderr } = spawnSync(process.execPath, [c1m, 'gate', ...flags, '--json'], {
    encoding: 'utf8',
  });
  neighbour?.kill('SIGKILL');
  if (stdout === '') throw new Error(stderr);
  const { verdict, metrics, pairs, durationSeconds, startedAt, host, tool } = JSON.parse(stdout);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const line = {
    ...{
      case: name,
      startedAt,
      verdict,
      seconds: Math.round(durationSeconds),
      pairs: pairs.length,
    },
    host: { fingerprint: host.fingerprint, cpuModel: host.cpuModel, cpus: host.cpus },
    ...{ kernel: host.kernel, node: tool.node, commit },
    metrics: metrics.map(({ name, ratio, low, high, verdict }) => ({
      name,
      ratio,
      low,
      high,
      verdict,
    })),
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  console.log(name, verdict, `${line.seconds} s`, `${line.pairs} pairs`);
}

function table() {
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8').trim().split('\n').map(JSON.parse)
    : [];
  console.log(
    '| case | gates | pass | regression | of these, in the metric that changed | inconclusive | invalid | seconds, median |',
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|');
  for (const [name, { finds }] of Object.entries(cases)) {
    const gates = lines.filter((line) => line.case === name);
    if (gates.length === 0) continue;
    const count = (...of) => gates.filter(({ verdict }) => of.includes(verdict)).length;
    const found = gates.filter(({ metrics }) =>
      metrics.some((metric) => metric.name === finds && metric.verdict === 'regression'),
    ).length;
    const seconds = gates.map((gate) => gate.seconds).sort((a, b) => a - b);
    const cells = [name, gates.length, count('pass', 'improvement'), count('regression')];
    cells.push(finds === null ? '' : found, count('inconclusive'), count('invalid'));
    cells.push(seconds[Math.floor(seconds.length / 2)]);
    console.log(`| ${cells.join(' | ')} |`);
  }
}
