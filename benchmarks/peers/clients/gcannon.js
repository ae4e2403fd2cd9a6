import { tmpdir } from 'node:os';

export const gcannon = {
  name: 'gcannon',
  // It keeps a history of its runs at home.
  env: { HOME: tmpdir() },
  closed: ({ url, connections, seconds }) => [
    url,
    '-t',
    1,
    '-c',
    connections,
    '-d',
    `${seconds}s`,
    '--json',
  ],
  read: (out) => {
    const { responses, rps, latency_us } = JSON.parse(out);
    return { requests: responses, requestsPerSecond: rps, p99Us: latency_us.p99 };
  },
};
