import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { parseTcpCounters } from '../../src/measure/tcp-trouble.js';

const linux = process.platform === 'linux';

/** Takes a handful of connections that nobody accepts while it is stopped. */
const server = `
const server = require('node:http').createServer((_, response) => response.end('x'));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4 }, () => console.log(server.address().port));
`;

it.runIf(linux)('a listen queue that overflows is named as what it is', async () => {
  const child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), 1_500);
    const url = `http://127.0.0.1:${port.toString().trim()}/`;
    const { result } = await run(url, { connections: '40', duration: '300ms', threads: '1' });
    const { warnings, load } = result.targets[0]!.trials[0]!;
    expect(load.responses).toBeGreaterThan(0);
    const warning = warnings.find(({ code }) => code === 'handshakes-retried');
    expect(warning?.message).toMatch(/handshakes were lost .* listen queue on this host was full/);
    expect(warning?.remedy).toContain('net.core.somaxconn');
  } finally {
    child.kill('SIGKILL');
  }
});

it.runIf(linux && spawnSync('nstat', ['-h']).error === undefined)(
  'the counters are those that nstat shows',
  () => {
    const shown = (name: string): number => {
      const { stdout } = spawnSync('nstat', ['-asz', `TcpExt${name}`], { encoding: 'utf8' });
      return Number(/^TcpExt\w+\s+(\d+)/m.exec(stdout)?.[1]);
    };
    const before = shown('TCPSynRetrans');
    const { synRetransmits, listenOverflows } = parseTcpCounters(
      readFileSync('/proc/net/netstat', 'utf8'),
    );
    expect(synRetransmits).toBeGreaterThanOrEqual(before);
    expect(synRetransmits).toBeLessThanOrEqual(shown('TCPSynRetrans'));
    expect(listenOverflows).toBeLessThanOrEqual(shown('ListenOverflows'));
  },
);
