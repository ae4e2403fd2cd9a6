import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAllowedCpus, splitCpus } from '../../dist/measure/cpus.js';

/** Where all runs take place: a CPU for the client, one for the server, a folder for what they write. */
export function layBench(argv) {
  const { load, target } = splitCpus(readAllowedCpus());
  return {
    cpu: load[0],
    clientCpu: load[0],
    serverCpu: target[0],
    folder: mkdtempSync(join(tmpdir(), 'c1m-peers-')),
    command: ['node benchmarks/peers.js', ...shown(argv)].join(' '),
  };
}

/** Without the file that is written, which says where this machine keeps its own. */
function shown(argv) {
  const out = argv.indexOf('--out');
  return argv.filter((word, i) => !word.startsWith('--out') && (out === -1 || i !== out + 1));
}
