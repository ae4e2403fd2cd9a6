/** Has an open workload only. */
export const zrk = {
  name: 'zrk',
  version: (ask) => /^zrk (\S+)/.exec(ask('--version'))?.[1],
  open: ({ url, connections, seconds, rate }) => [
    '-t',
    1,
    '-c',
    connections,
    '-d',
    `${seconds}s`,
    '-R',
    rate,
    '--format',
    'json',
    url,
  ],
  read: (out) => {
    const { requests, achieved_rate, latency_us } = JSON.parse(out);
    return { requests, requestsPerSecond: achieved_rate, p99Us: latency_us.p99 };
  },
};
