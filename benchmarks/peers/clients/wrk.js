import { toMicros } from '../micros.js';

const printed = {
  version: (ask) => /^wrk\s+(\S+)/m.exec(ask('-v'))?.[1],
  read: (out) => ({
    requests: Number(/^\s*(\d+) requests in/m.exec(out)[1]),
    requestsPerSecond: Number(/^Requests\/sec:\s+([\d.]+)/m.exec(out)[1]),
    p99Us: toMicros(/^\s*99(?:\.000)?%\s+(\S+)/m.exec(out)?.[1]),
  }),
};

const always = (connections, seconds) => ['-t', 1, '-c', connections, '-d', `${seconds}s`];

export const wrk = {
  ...printed,
  name: 'wrk',
  closed: ({ url, connections, seconds }) => [...always(connections, seconds), url],
};

/**
 * Has an open workload only. It opens a connection every 5 ms and calibrates itself for ten seconds
 * more, of which it keeps nothing, so it is given that time on top.
 */
export const wrk2 = {
  ...printed,
  name: 'wrk2',
  extraSeconds: ({ connections }) => 10 + Math.ceil(connections / 200),
  open: ({ url, connections, seconds, rate }) => [
    ...always(connections, seconds),
    '-R',
    rate,
    '-L',
    url,
  ],
};
