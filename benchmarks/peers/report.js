import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readHost } from '../../dist/measure/host.js';
import { cells, table } from './markdown.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The whole document as far as it is measured: the tables, and all that is needed to repeat them. */
export function report({ options, bench, clients, missing, left, closed, open }) {
  const { rounds, seconds } = options;
  return [
    '# c1m’s engines and other load generators',
    `\`${bench.command}\`, ${new Date().toISOString().slice(0, 10)}. Rounds of ${seconds} s: ${rounds}. In each, every client runs once, against a new server, and each begins with another client. Figures are medians over the rounds; c1m’s rows are bold.`,
    ...setting(bench, clients),
    ...left.map((reason) => `Left out: ${reason}.`),
    ...(missing.length === 0 ? [] : [`Not installed, so left out: ${missing.join(', ')}.`]),
    ...(closed.length === 0 ? [] : ['## Closed workload', closedNotes, ...closed.flat()]),
    ...(open.length === 0 ? [] : ['## Open workload', openNotes, ...open.flat()]),
    '## Command lines',
    'The same for all connection counts and rates; the server’s port is another one in each run.',
    `\`\`\`sh\n${commandLines(clients, seconds).join('\n')}\n\`\`\``,
  ].join('\n\n');
}

const closedNotes = [
  '- **requests/s**: as the server, c1m’s own over io_uring (`c1m serve`), counts them while the load is steady; the same for all clients. Beside it, what the client reports itself: some count the time of connecting as well.',
  '- **c1m uring ÷ it**: the median of the ratios within each round, and the least and the greatest.',
  '- **CPU µs/request**: the client’s, user and system, by the scheduler’s account of its threads, over what the server counted in that time. **CPU s in all** and **peak MiB** (RSS) are the kernel’s account of the whole process, with its start and warm-up.',
  '- **server busy**: near 100 %, it is the server that limits the client.',
  '- **connections**: the most that were open at once.',
].join('\n');

const openNotes = [
  '- **error**: the p99 that the client reports less the server’s own p99, which runs from when it has read a request to when it answers; the median, and from where to where the rounds reach. c1m’s io_uring server does not tell its own: it takes some microseconds, and the whole p99 counts as error.',
  '- **sent ÷ planned**: what reached the server, of rate × duration.',
  '- **CPU µs/request** is that of the last second or less, over the mean rate; **CPU s in all** and **peak MiB** (RSS) are of the whole process, with its start and warm-up.',
  '- wrk2 gets ten seconds more and 5 ms for each connection, its own calibration. It and zrk send each connection’s requests at even times of its own; the others send over whichever connection is free. k6 reports the time from the send, the others from when a request was due, as far as they correct for that.',
].join('\n');

/** The host, in lines of a table. */
export function host({ clientCpu, serverCpu }) {
  const { cpuModel, cpus, kernel, os, memoryBytes, governor } = readHost();
  const memory = `${cells.mebibytes(memoryBytes / 1024)} GiB`;
  return [
    ['Host', `${cpuModel}, ${cpus} CPUs, ${memory}${governor === null ? '' : `, ${governor}`}`],
    ['System', `${os}, Linux ${kernel}, Node ${process.version}`],
    ['CPUs', `each client on CPU ${clientCpu}, the server on CPU ${serverCpu}`],
  ];
}

function setting(bench, clients) {
  const versions = clients.map(({ title, version }) => [title, version]);
  return [table(['', ''], host(bench)), table(['client', 'version'], versions)];
}

function commandLines(clients, seconds) {
  const values = { url: '$URL', connections: '$CONNECTIONS', rate: '$RATE', seconds, folder: '.' };
  return clients.flatMap((client) =>
    ['closed', 'open'].flatMap((kind) => {
      if (client[kind] === undefined) return [];
      const words = [client.file, ...client.before, ...client[kind](values)].map(String);
      return [`${words.map((word) => shown(word)).join(' ')}`];
    }),
  );
}

/** Nothing of where this machine keeps its files. */
function shown(word) {
  if (word === '') return "''";
  if (word === process.execPath) return 'node';
  if (word.startsWith(root)) return word.slice(root.length);
  return word.startsWith('/') ? word.slice(dirname(word).length + 1) : word;
}
