// c1m over TLS, HTTP/2, gRPC and WebSockets against the generators that speak these, in rounds. In
// each round all clients of a row run alone, one after the other, which gives their rates and what a
// request costs them; and then at once, on the one CPU that they share: whatever a busy host does to
// one of them then, it does to all. After `npm run build`:
//   node benchmarks/protocols.js [--rounds 5] [--seconds 3] [--only h2c-64x1,grpc] [--out FILE.md]
// Needs nginx, Go for the servers of gRPC and WebSockets, and of the clients what there is
// (install-peers.sh).
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { layBench } from './peers/bench.js';
import { cpuSecondsOf } from './peers/cpu-account.js';
import { findInstalled } from './peers/installed.js';
import { cells, failureNotes, table } from './peers/markdown.js';
import { runMeasured } from './peers/measured-process.js';
import { host } from './peers/report.js';
import { interleave, medianOf, ratioOf } from './peers/rounds.js';
import { rows } from './protocols/rows.js';
import { openServers } from './protocols/servers.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: rows.map(({ name }) => name).join(',') },
    out: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const wanted = rows.filter(({ name }) => options.only.split(',').includes(name));
const today = new Date().toISOString().slice(0, 10);
const out = options.out ?? fileURLToPath(new URL(`protocols-${today}.md`, import.meta.url));
const bench = layBench(process.argv.slice(2));
const { bold, count, micros, ratio } = cells;

/** One client, alone or beside others: its own count of requests, and what they cost it. */
async function measured(client, server) {
  const args = client.args({ ...server, seconds }).map(String);
  const before = cpuSecondsOf(server.pid);
  const { stdout, cpuSeconds } = await runMeasured(client, args, { ...bench, seconds });
  const serverShare = (cpuSecondsOf(server.pid) - before) / seconds;
  const { requests, cpuMicrosPerRequest } = client.read(stdout);
  if (!(requests > 0)) throw new Error('no request was answered');
  return {
    requestsPerSecond: requests / seconds,
    serverShare,
    cpuMicrosPerRequest: cpuMicrosPerRequest ?? (cpuSeconds * 1e6) / requests,
  };
}

async function section(row, servers) {
  const { found: clients, missing } = findInstalled(row.clients);
  const server = await servers.of(row);
  const tell = (way) => (round, client, said) => {
    const told = typeof said === 'string' ? `failed: ${said}` : JSON.stringify(said);
    console.log(`${row.name}, ${way}, round ${round + 1}, ${client.title}: ${told}`);
  };
  const alone = await interleave(clients, rounds, (one) => measured(one, server), tell('alone'));
  const shared = clients.map((client) => ({ client, runs: [], failures: [] }));
  for (let round = 0; round < rounds; round++) {
    const all = await Promise.allSettled(clients.map((client) => measured(client, server)));
    all.forEach(({ value, reason }, index) => {
      shared[index].runs.push(value ?? null);
      if (reason !== undefined) shared[index].failures.push(reason.message);
      tell('at once')(round, clients[index], value ?? reason.message);
    });
  }
  const own = clients.findIndex(({ own }) => own);
  const body = clients.map((client, index) => {
    const isOwn = index === own;
    const figures = [
      client.title,
      count(medianOf(alone[index], 'requestsPerSecond')),
      isOwn ? '–' : ratio(ratioOf(alone[index], alone[own], 'requestsPerSecond')),
      percent(medianOf(alone[index], 'serverShare')),
      ...[alone, shared].flatMap((runs) => [
        micros(medianOf(runs[index], 'cpuMicrosPerRequest')),
        isOwn ? '–' : ratio(ratioOf(runs[index], runs[own], 'cpuMicrosPerRequest')),
      ]),
    ];
    return isOwn ? figures.map(bold) : figures;
  });
  return [
    `## ${row.title}`,
    table(columns, body),
    ...(missing.length === 0 ? [] : [`Not installed: ${missing.join(', ')}.`]),
    ...failureNotes([...alone, ...shared]),
    `\`\`\`sh\n${clients.map((client) => commandLine(client)).join('\n')}\n\`\`\``,
  ];
}

const columns = [
  ...['client', 'requests/s', 'c1m ÷ it', 'CPU of the server'],
  ...['CPU µs/request', 'c1m ÷ it', 'all at once', 'c1m ÷ it'],
];
const percent = (share) => `${Math.round(share * 100)} %`;
const commandLine = ({ title, args }) => [title, ...args({ ...shownAs, seconds })].join(' ');
const shownAs = { url: '$URL', message: 'MESSAGE', framed: 'FRAMED', proto: 'helloworld.proto' };

const servers = await openServers(bench);
const sections = [];
try {
  for (const row of wanted) {
    sections.push(...(await section(row, servers)));
    const document = [
      '# c1m over TLS, HTTP/2, gRPC and WebSockets, and other load generators',
      `\`node benchmarks/protocols.js\`, ${today}. Rounds: ${rounds} of ${seconds} s. requests/s: each client alone on its CPU. CPU of the server: its share of its own CPU meanwhile; near 100 % it is the limit for any client. CPU µs/request: user and system over the client’s own count, with start-up for all but c1m, which takes its own of the measured time; alone, and with all clients of the table at once on that CPU, where a busy host does to one what it does to the others, and all have more to do at a time. Ratios are medians within rounds, with the least and the greatest.`,
      table(['', ''], host(bench)),
      ...sections,
    ].join('\n\n');
    const style = await resolveConfig(fileURLToPath(import.meta.url));
    writeFileSync(out, await format(document, { ...style, parser: 'markdown' }));
  }
  console.log(`Written: ${out}`);
} finally {
  servers.close();
  rmSync(bench.folder, { recursive: true, force: true });
}
