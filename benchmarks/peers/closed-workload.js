import { cells, failureNotes, table } from './markdown.js';
import { interleave, medianOf, ratioOf } from './rounds.js';
import { startNullServer } from './servers.js';
import { steadyStretch } from './steady-stretch.js';
import { trial } from './trial.js';

const { bold, count, micros, mebibytes, percent, ratio, seconds } = cells;

/** As fast as each client goes over so many connections. */
export async function closedWorkload(connections, clients, settings) {
  const { rounds, bench, tell } = settings;
  const workload = { kind: 'closed', connections, seconds: settings.seconds };
  const run = async (client) => {
    const { served, own, ...costs } = await trial(
      client,
      workload,
      await startNullServer(bench.serverCpu),
      bench,
    );
    const steady = steadyStretch(served.samples);
    const cpuMicros = costs.cpuAccount.microsBetween(steady.fromMs, steady.toMs);
    return {
      ...costs,
      ...steady,
      ownRate: own.requestsPerSecond,
      cpuMicrosPerRequest: cpuMicros / steady.requests,
    };
  };
  const show = (run) => `${count(run.requestsPerSecond)} requests/s`;
  const able = clients.filter(({ closed }) => closed !== undefined);
  const rows = await interleave(able, rounds, run, tell(`closed, ${connections}`, show));
  return section(connections, rows);
}

function section(connections, rows) {
  const uring = rows.find(({ client }) => client.title === 'c1m uring');
  const rate = (row) => medianOf(row, 'requestsPerSecond');
  const ranked = rows
    .filter((row) => row.runs.some((run) => run !== null))
    .sort((a, b) => rate(b) - rate(a));
  const body = ranked.map((row) => {
    const figures = [
      row.client.title,
      count(rate(row)),
      count(medianOf(row, 'ownRate')),
      uring === undefined || row === uring ? '–' : ratio(ratioOf(row, uring, 'requestsPerSecond')),
      micros(medianOf(row, 'cpuMicrosPerRequest')),
      seconds(medianOf(row, 'cpuSeconds')),
      mebibytes(medianOf(row, 'peakBytes')),
      percent(medianOf(row, 'serverBusy')),
      count(medianOf(row, 'connections')),
      percent(medianOf(row, 'ownCount')),
    ];
    return row.client.own ? figures.map(bold) : figures;
  });
  const head = ['client', 'requests/s', 'by its own clock', 'c1m uring ÷ it', 'CPU µs/request'];
  return [
    `### ${count(connections)} ${connections === 1 ? 'connection' : 'connections'}`,
    table(
      [...head, 'CPU s in all', 'peak MiB', 'server busy', 'connections', 'its count ÷ server’s'],
      body,
    ),
    ...failureNotes(rows),
  ];
}
