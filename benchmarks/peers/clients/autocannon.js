import { fileURLToPath } from 'node:url';

const script = fileURLToPath(
  new URL('../../../node_modules/autocannon/autocannon.js', import.meta.url),
);
const always = (connections, seconds) => ['-j', '-c', connections, '-d', seconds];

export const autocannon = {
  name: 'autocannon',
  file: process.execPath,
  before: [script],
  version: (ask) => /^autocannon v(\S+)/.exec(ask('--version'))?.[1],
  closed: ({ url, connections, seconds }) => [...always(connections, seconds), url],
  open: ({ url, connections, seconds, rate }) => [...always(connections, seconds), '-R', rate, url],
  read: (out) => {
    const { requests, duration, latency } = JSON.parse(out);
    return {
      requests: requests.total,
      requestsPerSecond: requests.total / duration,
      p99Us: latency.p99 * 1000,
    };
  },
};
