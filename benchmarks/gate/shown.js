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

let costs = null;
/** Rounds that make a request cost so much more CPU time. */
const slower = (share) => {
  costs ??= [cpuOf(baseRounds), cpuOf(baseRounds * 6)];
  const [few, many] = costs;
  const perRound = (many - few) / (baseRounds * 5);
  return Math.round(baseRounds + (share * few) / perRound);
};

const rounds = (n) => ['--rounds', String(n)];
/** Head against a base of `baseRounds`, and the metric that it makes worse. */
const cases = {
  aa: { truth: 'nothing has changed', head: () => rounds(baseRounds), finds: null },
  hog: {
    truth: 'nothing, beside a CPU hog that comes and goes',
    head: () => rounds(baseRounds),
    finds: null,
    hog: true,
  },
  slow5: {
    truth: '5 % more CPU per request',
    head: () => rounds(slower(0.05)),
    finds: 'cpuUsPerRequest',
  },
  slow10: {
    truth: '10 % more CPU per request',
    head: () => rounds(slower(0.1)),
    finds: 'cpuUsPerRequest',
  },
  p99: {
    truth: 'one request in 50 is 5 ms late',
    head: () => [...rounds(baseRounds), '--late', '50'],
    finds: 'p99',
  },
  memory: {
    truth: 'a connection keeps 1 kB more',
    head: () => [...rounds(baseRounds), '--hoard', '1024'],
    finds: 'bytesPerConnection',
  },
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
  if (lines.length === 0) throw new Error('No gate has been run yet: shown.js CASE TIMES');
  const { host, kernel, node } = lines.at(-1);
  const commits = [...new Set(lines.map(({ commit }) => commit))].join(', ');
  console.log(`# How often the gate is right, with real servers\n
${lines.length} whole gates from ${lines[0].startedAt} to ${lines.at(-1).startedAt}, by \`node
benchmarks/gate/shown.js CASE TIMES\`, at commit ${commits}. Host: ${host.cpus} CPUs of an
${host.cpuModel}, Linux ${kernel}, Node ${node}. Base is benchmarks/gate/server.js, a node:http server
with some CPU work in its handler; head is the same with a change, or without. All metrics, default
budget (3 min) and allowed changes. *Found*: a regression in the metric that was made worse. The line
of each gate is in shown.jsonl.
`);
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  row([
    ...['what is true', 'gates', 'pass', 'regression', 'found', 'inconclusive', 'invalid'],
    ...['pairs, median', 'seconds, median', 'seconds, most'],
  ]);
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const [name, { truth, finds }] of Object.entries(cases)) {
    const gates = lines.filter((line) => line.case === name);
    if (gates.length > 0) row([truth, ...cells(gates, finds)]);
  }
  row(['all', ...cells(lines, null)]);
}

function cells(gates, finds) {
  const count = (...of) => gates.filter(({ verdict }) => of.includes(verdict)).length;
  const found = gates.filter(({ metrics }) =>
    metrics.some((metric) => metric.name === finds && metric.verdict === 'regression'),
  ).length;
  const sorted = (figure) => gates.map(figure).sort((a, b) => a - b);
  const [pairs, seconds] = [sorted((gate) => gate.pairs), sorted((gate) => gate.seconds)];
  const middle = gates.length >> 1;
  return [
    ...[gates.length, count('pass', 'improvement'), count('regression')],
    ...[finds === null ? '' : found, count('inconclusive'), count('invalid')],
    ...[pairs[middle], seconds[middle], seconds.at(-1)],
  ];
}
