import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./k6-script.js', import.meta.url));
// Neither a report to its makers nor a port of its own.
const always = ['run', '--quiet', '--no-usage-report', '--address', ''];
const settings = (values) =>
  Object.entries(values).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

export const k6 = {
  name: 'k6',
  version: (ask) => /^k6 v(\S+)/.exec(ask('version'))?.[1],
  closed: ({ url, connections, seconds }) => [
    ...always,
    ...settings({ URL: url, CONNECTIONS: connections, SECONDS: seconds }),
    script,
  ],
  open: ({ url, connections, seconds, rate }) => [
    ...always,
    ...settings({ URL: url, CONNECTIONS: connections, SECONDS: seconds, RATE: rate }),
    script,
  ],
  read: (out) => {
    const { http_reqs, http_req_duration } = JSON.parse(out);
    return {
      requests: http_reqs.values.count,
      requestsPerSecond: http_reqs.values.rate,
      p99Us: http_req_duration.values['p(99)'] * 1000,
    };
  },
};
