const always = (connections, seconds) => [
  '--no-tui',
  '--output-format',
  'json',
  '-c',
  connections,
  '-z',
  `${seconds}s`,
];

export const oha = {
  name: 'oha',
  version: (ask) => /^oha (\S+)/.exec(ask('--version'))?.[1],
  closed: ({ url, connections, seconds }) => [...always(connections, seconds), url],
  open: ({ url, connections, seconds, rate }) => [
    ...always(connections, seconds),
    '-q',
    rate,
    '--latency-correction',
    url,
  ],
  read: (out) => {
    const { summary, statusCodeDistribution, latencyPercentiles } = JSON.parse(out);
    return {
      requests: statusCodeDistribution['200'],
      requestsPerSecond: summary.requestsPerSec,
      p99Us: latencyPercentiles.p99 * 1e6,
    };
  },
};
