// c1m's engines against other load generators, in interleaved rounds, closed and open workload.
// Writes a table with host, versions and command lines. After `npm run build`:
//   node benchmarks/peers.js [--rounds 6] [--seconds 3] [--connections 1,64,1000,10000]
//     [--open delays:2000:100,null:10000:1000] [--only uring,wrk] [--out FILE.md]
// Other clients are looked for in PEERS_BIN and on the PATH; install-peers.sh installs them.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { layBench } from './peers/bench.js';
import { allClients } from './peers/clients.js';
import { closedWorkload } from './peers/closed-workload.js';
import { buildDelayServer } from './peers/delay-server.js';
import { findInstalled } from './peers/installed.js';
import { openWorkload } from './peers/open-workload.js';
import { readOptions } from './peers/options.js';
import { report } from './peers/report.js';

const argv = process.argv.slice(2);
const options = readOptions(
  argv,
  allClients.map(({ name }) => name),
);
const { rounds, seconds } = options;
const wanted = ({ name }) => options.only.length === 0 || options.only.includes(name);
const { found: clients, missing } = findInstalled(allClients.filter(wanted));
const bench = layBench(argv);
bench.delayServer = await buildDelayServer(bench.folder);

const outcome = { options, bench, clients, missing, left: [], closed: [], open: [] };
const tell = (title, show) => (round, client, said) => {
  const told = typeof said === 'string' ? `failed: ${said}` : show(said);
  console.log(`${title}, round ${round + 1}, ${client.title}: ${told}`);
};
const settings = { rounds, seconds, bench, tell };

/** After each table, so that an interrupt loses none. */
async function save() {
  const style = await resolveConfig(fileURLToPath(import.meta.url));
  writeFileSync(options.out, await format(report(outcome), { ...style, parser: 'markdown' }));
}

for (const name of missing) console.log(`${name} is not installed: left out`);
try {
  for (const connections of options.connections) {
    outcome.closed.push(await closedWorkload(connections, clients, settings));
    await save();
  }
  for (const plan of options.open) {
    if (plan.server === 'delays' && bench.delayServer === null) {
      outcome.left.push(`${plan.rate}/s with known delays, since Go is not installed`);
    } else outcome.open.push(await openWorkload(plan, clients, settings));
    await save();
  }
  console.log(`Written: ${options.out}`);
} finally {
  rmSync(bench.folder, { recursive: true, force: true });
}
