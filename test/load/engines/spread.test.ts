import { afterEach, describe, expect, it } from 'vitest';
import { accepting, tally } from '../../fixtures/peers.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

const servers: Awaited<ReturnType<typeof accepting>>[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function start(count: number): Promise<typeof servers> {
  for (let i = 0; i < count; i++) servers.push(await accepting());
  return servers;
}

describe.each(engines)('the engine %s', (engine) => {
  const options = { engine, connections: '31', requests: '310', threads: '2' };

  it.each<[how: string, urls: (ports: number[]) => string[]]>([
    ['the ports of a URL', (ports) => [`http://127.0.0.1:${ports.join(',')}/`]],
    ['several URLs', (ports) => ports.map((port) => `http://127.0.0.1:${port}/`)],
  ])('spreads connections evenly over %s', async (_, urlsOf) => {
    const ports = (await start(3)).map(({ port }) => port);
    const { load } = await phaseOf(urlsOf(ports), options);
    expect(load.errors).toEqual({});
    expect(load.responses).toBe(310);
    expect(servers.map(({ peers }) => peers.length).sort()).toEqual([10, 10, 11]);
  });

  it('gives a URL that is repeated twice the connections', async () => {
    const [once, twice] = (await start(2)).map(({ url }) => url) as [string, string];
    await phaseOf([once, twice, twice], { ...options, connections: '30' });
    expect(servers.map(({ peers }) => peers.length)).toEqual([10, 20]);
  });

  it.runIf(process.platform === 'linux' && engine !== 'undici')(
    'comes evenly from the addresses of --local-ips, whichever thread connects',
    async () => {
      const [server] = await start(1);
      const { load } = await phaseOf(server!.url, {
        ...options,
        connections: '42',
        localIps: '127.7.0.1-127.7.0.3,127.7.1.1',
      });
      expect([load.errors, load.connectErrors]).toEqual([{}, {}]);
      const counts = tally(server!.peers.map(({ address }) => address));
      const expected = ['127.7.0.1', '127.7.0.2', '127.7.0.3', '127.7.1.1'];
      expect(Object.keys(counts).sort()).toEqual(expected);
      expect(Object.values(counts).sort()).toEqual([10, 10, 11, 11]);
    },
  );
});
