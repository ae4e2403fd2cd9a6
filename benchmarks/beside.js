// Whether a change costs the hot path anything: two builds of c1m load one server at once, on one
// CPU that they share, so that whatever a busy host does to one of them it does to the other. The
// ratio of their CPU time per request is good to 1 %, where runs one after the other differ by 20 %.
//   node benchmarks/beside.js BEFORE AFTER [--rounds 9] [--seconds 4] [--connections 64]
// BEFORE and AFTER are work trees that are built; the same one twice shows what the method is worth.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { layBench } from './peers/bench.js';
import { c1mEngines } from './peers/clients/c1m.js';
import { runMeasured } from './peers/measured-process.js';
import { ratioOf } from './peers/rounds.js';
import { cells } from './peers/markdown.js';
import { startNullServer } from './peers/servers.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '64' },
  },
});
if (positionals.length !== 2) throw new Error('Name two work trees: BEFORE AFTER');
const bench = layBench([]);
const seconds = Number(values.seconds);
const [uring] = c1mEngines;

async function measured(tree, url) {
  const client = { ...uring, env: {}, before: [join(resolve(tree), 'bin/c1m.js')] };
  const args = client.closed({ url, connections: values.connections, seconds });
  const { stdout } = await runMeasured(client, args, { ...bench, seconds });
  const { load, generator } = JSON.parse(stdout).targets[0].trials[0];
  return { rate: load.requestsPerSecond, cost: generator.cpuUsPerRequest };
}

const rows = positionals.map(() => ({ runs: [] }));
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const server = await startNullServer(bench.serverCpu);
    // Each goes first in every other round.
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    const runs = order.map(async (index) => {
      rows[index].runs.push(await measured(positionals[index], server.url));
    });
    await Promise.all(runs).finally(() => server.stop());
  }
} finally {
  rmSync(bench.folder, { recursive: true, force: true });
}
const [before, after] = rows;
console.log(`requests/s, after ÷ before: ${cells.ratio(ratioOf(before, after, 'rate'))}`);
console.log(`CPU per request, after ÷ before: ${cells.ratio(ratioOf(before, after, 'cost'))}`);
