/** A time alone would mean 50,000 requests at the most. */
const mostPerSecond = 1_000_000;

export const ab = {
  name: 'ab',
  version: (ask) => /Version (\S+)/.exec(ask('-V'))?.[1],
  closed: ({ url, connections, seconds }) => [
    '-k',
    '-q',
    '-r',
    '-c',
    connections,
    '-t',
    seconds,
    '-n',
    seconds * mostPerSecond,
    url,
  ],
  read: (out) => ({
    requests: Number(/^Complete requests:\s+(\d+)/m.exec(out)[1]),
    requestsPerSecond: Number(/^Requests per second:\s+([\d.]+)/m.exec(out)[1]),
  }),
};
