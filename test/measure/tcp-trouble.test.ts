import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** Serves one request in 5 ms, with as short a queue as Java's default. */
const slow = `
const server = require('node:http').createServer((_, response) => {
  for (const end = Date.now() + 5; Date.now() < end; );
  response.end('x');
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 50 }, () => console.log(server.address().port));
`;

it.runIf(linux).each(['net', 'uring'])(
  '%s serves connections as they open, so that no listen queue overflows',
  async (engine) => {
    const child = spawn(process.execPath, ['-e', slow], { stdio: ['ignore', 'pipe', 'inherit'] });
    const folder = mkdtempSync(path.join(tmpdir(), 'c1m-test-'));
    try {
      const [port] = (await once(child.stdout, 'data')) as [Buffer];
      const url = `http://127.0.0.1:${port.toString().trim()}/`;
      const scenario = path.join(folder, 'hold.yaml');
      const phase = '{ name: hold, connections: 300, duration: 100ms, rate: 0, touch: true }';
      writeFileSync(scenario, `name: hold\nrequests: [{ path: / }]\nphases:\n  - ${phase}\n`);
      const { result } = await run(url, { scenario, engine });
      const { warnings, load } = result.targets[0]!.trials[0]!;
      expect(load.responses).toBe(300);
      expect(warnings.map(({ code }) => code)).not.toContain('handshakes-retried');
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
);

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
