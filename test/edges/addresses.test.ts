import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveOrigins } from '../../src/load/resolve.js';
import { c1m } from '../fixtures/c1m.js';
import { inNamespace } from '../fixtures/namespace.js';
import { serve } from '../fixtures/serve.js';

const origin = { protocol: 'http:', hostname: 'api.test', port: 1 } as const;

describe('a name with several addresses', () => {
  it('is one origin for each, which keeps the name', async () => {
    const ask = () => Promise.resolve(['127.0.0.2', '127.0.0.3', '127.0.0.2']);
    expect(await resolveOrigins(origin, ask)).toEqual([
      { ...origin, address: '127.0.0.2' },
      { ...origin, address: '127.0.0.3' },
    ]);
  });

  it('of two families is taken in that which accepts connections', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const ask = () => Promise.resolve(['::1', '127.0.0.1', '127.0.0.2']);
    const resolved = await resolveOrigins({ ...origin, port }, ask);
    expect(resolved.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2']);
  });

  it.skipIf(!inNamespace.available)('is loaded evenly on all, which the result names', async () => {
    const hosts = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'hosts');
    writeFileSync(hosts, '127.0.0.2 api.test\n127.0.0.3 api.test\n');
    const served = await serve('peers', '0.0.0.0');
    onTestFinished(() => served.stop());
    const { port } = new URL(served.url);
    const words = ['run', '-n', '400', '-c', '8', '--json', '-q', `http://api.test:${port}/`];
    const under = inNamespace.command(`mount --bind ${hosts} /etc/hosts`);
    const { code, stdout } = await c1m(words, undefined, { under });
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { targets: { addresses: string[] }[] };
    expect(result.targets[0]?.addresses.sort()).toEqual(['127.0.0.2', '127.0.0.3']);
    expect(await served.count()).toMatchObject({ locals: { '127.0.0.2': 4, '127.0.0.3': 4 } });
  });
});

describe('addresses of this host', () => {
  it('that were asked for are named in the result', async () => {
    const served = await serve();
    onTestFinished(() => served.stop());
    const shape = ['-n', '40', '-c', '4', '--json', '-q', '--local-ips', '127.0.0.5-127.0.0.6'];
    const { stdout } = await c1m(['run', ...shape, served.url]);
    const result = JSON.parse(stdout) as { targets: { localAddresses: string[] }[] };
    expect(result.targets[0]?.localAddresses).toEqual(['127.0.0.5-127.0.0.6']);
  });
});

describe('a host without free ports', () => {
  it.skipIf(!inNamespace.available)('is loaded cold, which the result says', async () => {
    // Four ports, all of which somebody listens on: c1m's own server for the warm-up finds none.
    const script = [
      'ip link set lo up',
      'sysctl -qw net.ipv4.ip_local_port_range="40000 40003"',
      `${process.execPath} -e '
        const { createServer } = require("node:http");
        for (const port of [40000, 40001, 40002, 40003]) createServer().listen(port, "0.0.0.0");
        createServer((q, r) => r.end("ok")).listen(9000, "127.0.0.1", () => console.error("up"));
        setTimeout(() => process.exit(), 30000)' &`,
      'sleep 1',
    ];
    const under = inNamespace.networkCommand(script.join('\n'), 'kill $!');
    const words = ['run', '-d', '1s', '-c', '2', '--json', '-q', 'http://127.0.0.1:9000/'];
    const { stdout } = await c1m(words, undefined, { under });
    const result = JSON.parse(stdout) as {
      targets: { trials: { warnings: { code: string; message: string }[] }[] }[];
    };
    const warnings = result.targets[0]!.trials[0]!.warnings;
    const [cold] = warnings.filter(({ code }) => code === 'cold-start');
    expect(cold?.message).toMatch(
      /could not warm up before the load \(.*(EADDRINUSE|no-local-port)/,
    );
  });
});
