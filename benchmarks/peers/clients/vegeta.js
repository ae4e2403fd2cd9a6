import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const always = (seconds, folder) =>
  ['-cpus', 1, 'attack', '-duration', `${seconds}s`, '-targets', join(folder, 'targets')].concat([
    '-output',
    join(folder, 'results'),
  ]);

export const vegeta = {
  name: 'vegeta',
  version: (ask) => /^Version: (\S+)/m.exec(ask('-version'))?.[1],
  prepare: (url, folder) => writeFileSync(join(folder, 'targets'), `GET ${url}\n`),
  closed: ({ connections, seconds, folder }) => [
    ...always(seconds, folder),
    ...['-rate', 0, '-workers', connections, '-max-workers', connections],
    ...['-connections', connections],
  ],
  open: ({ connections, seconds, rate, folder }) => [
    ...always(seconds, folder),
    ...['-rate', rate, '-workers', connections, '-max-workers', connections],
    ...['-connections', connections],
  ],
  // Its report is a process of its own, whose CPU and memory are not those of the load.
  read: (_, { file, folder }) => {
    const report = execFileSync(file, ['report', '-type', 'json', join(folder, 'results')]);
    const { requests, success, throughput, latencies } = JSON.parse(report);
    return {
      requests: Math.round(requests * success),
      requestsPerSecond: throughput,
      p99Us: latencies['99th'] / 1000,
    };
  },
};
