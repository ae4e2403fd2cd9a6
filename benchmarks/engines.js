// c1m's engines against other load generators: interleaved runs against one server, each client on
// one CPU and the server on another, ratios pair by pair. After `npm run build`:
//   node benchmarks/engines.js [rounds] [seconds] [connections]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readAllowedCpus, splitCpus } from '../dist/measure/cpus.js';
import { buildTarget } from '../dist/targets/build.js';
import { loadCatalog, selectTargets } from '../dist/targets/catalog.js';
import { launch } from '../dist/targets/launch.js';
import { Toolchains } from '../dist/targets/toolchain.js';

const [rounds = 6, seconds = 3, connections = 64] = process.argv.slice(2).map(Number);
const bin = (path) => fileURLToPath(new URL(path, import.meta.url));
const c1m = bin('../bin/c1m.js');
const autocannon = bin('../node_modules/autocannon/autocannon.js');

const { load, target } = splitCpus(readAllowedCpus());
const [server] = selectTargets(await loadCatalog(), ['go-bare']);
const toolchain = await new Toolchains().find(server.manifest.runtime);
if (!toolchain.found) throw new Error(`${toolchain.reason}. ${toolchain.remedy}`);
const running = await launch(await buildTarget(server, { toolchain }), { cpus: target });
const url = `${running.urls[0]}/plaintext`;

const viaC1m = (engine) => ({
  name: `c1m ${engine}`,
  command: [process.execPath, c1m, 'run', '--json', '-q', '-t', '1', '--engine', engine].concat([
    '-c',
    `${connections}`,
    '-d',
    `${seconds}s`,
    url,
  ]),
  rate: (out) => JSON.parse(out).targets[0].trials[0].load.requestsPerSecond,
});
const clients = [
  viaC1m('net'),
  viaC1m('undici'),
  {
    name: 'autocannon',
    command: [process.execPath, autocannon, '-j', '-c', `${connections}`, '-d', `${seconds}`, url],
    rate: (out) => JSON.parse(out).requests.total / JSON.parse(out).duration,
  },
  {
    name: 'wrk',
    command: ['wrk', '-t', '1', '-c', `${connections}`, '-d', `${seconds}s`, url],
    rate: (out) => Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
  },
  {
    name: 'hey',
    command: ['hey', '-cpus', '1', '-c', `${connections}`, '-z', `${seconds}s`, url],
    rate: (out) => Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
  },
  {
    name: 'oha',
    command: ['oha', '--no-tui', '--json', '-c', `${connections}`, '-z', `${seconds}s`, url],
    rate: (out) => JSON.parse(out).summary.requestsPerSec,
  },
].filter(({ name, command }) => {
  const there = command[0] === process.execPath || !spawnSync(command[0], ['-h']).error;
  if (!there) console.log(`${name} is not installed: left out`);
  return there;
});

function measure({ name, command, rate }) {
  const [file, ...args] = ['taskset', '-c', load[0], ...command].map(String);
  const { stdout, stderr, status } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0 && status !== 6) throw new Error(`${name}: ${stderr}`);
  return rate(stdout);
}

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length / 2) - 1] + sorted[Math.floor(sorted.length / 2)]) / 2;
};

try {
  const rates = clients.map(() => []);
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another client, so that none always follows the same one.
    for (let turn = 0; turn < clients.length; turn++) {
      const place = (turn + round) % clients.length;
      rates[place].push(measure(clients[place]));
    }
  }
  console.log(`Server: go-bare on CPU ${target}; each client on CPU ${load[0]}.`);
  console.log(`${rounds} rounds of ${seconds} s, ${connections} connections; medians.\n`);
  clients.forEach(({ name }, i) => {
    const ratio = median(rates[0].map((first, round) => first / rates[i][round]));
    const range = `${Math.round(Math.min(...rates[i]))}–${Math.round(Math.max(...rates[i]))}`;
    const rate = Math.round(median(rates[i]));
    console.log(
      `${name.padEnd(12)} ${rate} requests/s (${range}); c1m net is ${ratio.toFixed(2)} ×`,
    );
  });
  console.log('\nCommands:');
  for (const { command } of clients)
    console.log(`  ${command.join(' ').replaceAll(bin('..'), '')}`);
} finally {
  await running.stop();
}
