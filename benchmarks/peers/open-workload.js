import { cells, failureNotes, table } from './markdown.js';
import { interleave, medianOf } from './rounds.js';
import { startDelayServer, startNullServer } from './servers.js';
import { trial } from './trial.js';

const { bold, count, micros, mebibytes, percent, range, seconds } = cells;

/** A fixed rate, far below what client and server can do: how true is the p99 that is reported? */
export async function openWorkload(plan, clients, settings) {
  const { rounds, bench, tell } = settings;
  const { server, rate, connections } = plan;
  const workload = { kind: 'open', rate, connections, seconds: settings.seconds };
  const startServer = () =>
    server === 'null'
      ? startNullServer(bench.serverCpu)
      : startDelayServer(bench.serverCpu, bench.delayServer);
  const run = async (client) => {
    const { served, own, ...costs } = await trial(client, workload, await startServer(), bench);
    if (own.p99Us === undefined) throw new Error('reported no p99');
    // c1m's own server takes a few microseconds, and is given none of them.
    const truthUs = served.p99Us ?? 0;
    const errorUs = own.p99Us - truthUs;
    return {
      ...costs,
      p99Us: own.p99Us,
      truthUs,
      errorUs,
      error: errorUs / truthUs,
      sent: served.requests / (rate * costs.seconds),
      cpuMicrosPerRequest: cpuPerRequest(served.requests, costs),
    };
  };
  const show = ({ p99Us, truthUs }) => `p99 ${micros(p99Us)} µs, the server’s ${micros(truthUs)}`;
  const able = clients.filter(({ open }) => open !== undefined);
  const name = `open, ${server}, ${rate}/s over ${connections}`;
  return section(plan, await interleave(able, rounds, run, tell(name, show)));
}

/** Before the end: all is open then, compiled, and not yet ending. */
const stretchMillis = { from: 800, to: 200 };

function cpuPerRequest(requests, { cpuAccount, endedMs, seconds }) {
  const { from, to } = stretchMillis;
  const micros = cpuAccount.microsBetween(endedMs - from, endedMs - to);
  return micros / ((requests / seconds) * ((from - to) / 1000));
}

function section({ server, rate, connections }, rows) {
  const distance = (row) => Math.abs(medianOf(row, 'errorUs'));
  const ranked = rows
    .filter((row) => row.runs.some((run) => run !== null))
    .sort((a, b) => distance(a) - distance(b));
  const known = server === 'delays';
  const body = ranked.map((row) => {
    const accuracy = known
      ? [
          micros(medianOf(row, 'p99Us')),
          micros(medianOf(row, 'truthUs')),
          range(row, 'errorUs', micros),
          percent(medianOf(row, 'error')),
        ]
      : [range(row, 'errorUs', micros)];
    const figures = [
      row.client.title,
      ...accuracy,
      percent(medianOf(row, 'sent')),
      micros(medianOf(row, 'cpuMicrosPerRequest')),
      seconds(medianOf(row, 'cpuSeconds')),
      mebibytes(medianOf(row, 'peakBytes')),
      percent(medianOf(row, 'ownCount')),
    ];
    return row.client.own ? figures.map(bold) : figures;
  });
  const accuracyHead = known
    ? ['its p99, µs', 'server’s p99, µs', 'error, µs', 'error']
    : ['its p99 = error, µs'];
  const head = ['client', ...accuracyHead, 'sent ÷ planned', 'CPU µs/request', 'CPU s in all'];
  const against = known ? 'the server of known delays' : 'c1m’s io_uring server';
  return [
    `### ${count(rate)}/s over ${count(connections)} connections, ${against}`,
    table([...head, 'peak MiB', 'its count ÷ server’s'], body),
    ...failureNotes(rows),
  ];
}
