export const h2load = {
  name: 'h2load',
  version: (ask) => /nghttp2\/(\S+)/.exec(ask('--version'))?.[1],
  closed: ({ url, connections, seconds }) => [
    '--h1',
    '-t',
    1,
    '-c',
    connections,
    '-D',
    seconds,
    url,
  ],
  read: (out) => ({
    requests: Number(/ (\d+) succeeded/.exec(out)[1]),
    requestsPerSecond: Number(/^finished in \S+, ([\d.]+) req\/s/m.exec(out)[1]),
  }),
};
