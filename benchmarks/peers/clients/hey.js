export const hey = {
  name: 'hey',
  closed: ({ url, connections, seconds }) => [
    '-cpus',
    1,
    '-c',
    connections,
    '-z',
    `${seconds}s`,
    url,
  ],
  read: (out) => ({
    requests: Number(/^\s*\[200\]\s+(\d+) responses/m.exec(out)[1]),
    requestsPerSecond: Number(/^\s*Requests\/sec:\s+([\d.]+)/m.exec(out)[1]),
  }),
};
