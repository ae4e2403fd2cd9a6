import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One of c1m's own engines, on one worker thread. */
const engine = (name) => ({
  name,
  title: `c1m ${name}`,
  own: true,
  file: process.execPath,
  before: [`${root}bin/c1m.js`],
  version: () => `${version()} (${commit()})`,
  closed: ({ url, connections, seconds }) => [...always(name, connections, seconds), url],
  open: ({ url, connections, seconds, rate }) => [
    ...always(name, connections, seconds),
    '-R',
    rate,
    url,
  ],
  read: (out) => {
    const { load, latencyUs } = JSON.parse(out).targets[0].trials[0];
    return {
      requests: load.responses,
      requestsPerSecond: load.requestsPerSecond,
      p99Us: latencyUs?.p99,
    };
  },
  // A closed workload of one thread is bound by the generator, and c1m marks such a result invalid.
  success: [0, 6],
});

const always = (name, connections, seconds) => [
  'run',
  '--engine',
  name,
  '-t',
  1,
  '-c',
  connections,
  '-d',
  `${seconds}s`,
  '--json',
  '-q',
];

const version = () =>
  execFileSync(process.execPath, [`${root}bin/c1m.js`, '--version'], { encoding: 'utf8' }).trim();

function commit() {
  try {
    const described = ['-C', root, 'describe', '--always', '--dirty', '--exclude=*'];
    return execFileSync('git', described, { encoding: 'utf8' }).trim();
  } catch {
    return 'not a checkout';
  }
}

export const c1mEngines = [engine('uring'), engine('net'), engine('undici')];
