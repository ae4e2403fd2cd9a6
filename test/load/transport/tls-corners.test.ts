import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../../dist/index.js';
import { freePort } from '../../../src/targets/free-port.js';
import { Certificates } from '../../fixtures/certificates.js';
import { phaseOf } from '../../fixtures/phase.js';
import { secureSockets } from '../../fixtures/secure.js';
import { engines as all } from '../../fixtures/uring.js';

const engines = all.filter((engine) => engine !== 'undici');
const pair = new Certificates().selfSigned('corners');
let close: () => void = () => undefined;
afterEach(() => close());

/** OpenSSL's own test server, whose standard input is what it sends; a line may be a command of its own. */
async function openSslServer() {
  const port = await freePort('127.0.0.1');
  const files = ['-cert', pair.certFile, '-key', pair.keyFile];
  const words = ['s_server', '-accept', `127.0.0.1:${port}`, ...files, '-tls1_3'];
  const child = spawn('openssl', words, { stdio: ['pipe', 'pipe', 'ignore'] });
  close = () => child.kill('SIGKILL');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  while (!printed.includes('ACCEPT')) await sleep(10);
  return {
    url: `https://127.0.0.1:${port}/`,
    input: child.stdin,
    /** Requests that it has read. */
    requests: () => printed.split('GET /').length - 1,
  };
}

describe.each(engines)('over TLS, the engine %s', (engine) => {
  it.each(['k', 'K'])('goes on with new keys when the server says "%s"', async (command) => {
    const server = await openSslServer();
    const flags = { engine, requests: 8, connections: 1, threads: 1, insecure: true } as const;
    const running = phaseOf(server.url, { ...flags, timeout: '5s' });
    for (let k = 1; k <= 8; k++) {
      const patience = performance.now() + 5_000;
      while (server.requests() < k && performance.now() < patience) await sleep(2);
      // KeyUpdate (RFC 8446 §4.6.3): `K` asks the client for new keys of its own, too.
      server.input.write(`${command}\n`);
      await sleep(20);
      server.input.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    }
    const { load } = await running;
    expect(load).toMatchObject({ responses: 8, errors: {}, connectErrors: {} });
    expect(load.connections.opened).toBe(1);
  });

  it.each([
    [false, 'tls-alpn'],
    [true, 'no-http2'],
  ])('names a server that takes no protocol of those offered (HTTP/2: %s)', async (http2, kind) => {
    const server = await secureSockets({ ...pair, ALPNProtocols: ['acme-tls/1'] }, () => undefined);
    close = () => server.close();
    const flags = { engine, http2, duration: '300ms', connections: 2, insecure: true } as const;
    const { load } = await phaseOf(server.url, flags);
    expect(Object.keys(load.connectErrors)).toEqual([kind]);
    expect(load.failureReasons.map(({ reason }) => reason).join()).toContain(
      'no application protocol',
    );
    expect(load.requestsSent).toBe(0);
  });
});

it.runIf(engines.includes('uring'))(
  'a crowd of 2,500 is held over TLS, each for less than 40 kB of the generator',
  async () => {
    const program = fileURLToPath(new URL('../../fixtures/tls-null-server.js', import.meta.url));
    const server = spawn(process.execPath, [program, pair.keyFile, pair.certFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    close = () => server.kill();
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `https://127.0.0.1:${port.toString().trim()}/`;
    const held = async (connections: number) => {
      const flags = { engine: 'uring', rate: 0, duration: '300ms', threads: 1, insecure: true };
      const { result } = await run(url, { ...flags, connections, connectTimeout: '30s' });
      const phase = result.targets[0]!.trials[0]!.phases[0]!;
      expect(phase.load.connections).toMatchObject({
        established: connections,
        failed: 0,
        lost: 0,
      });
      expect(phase.load.tlsHandshakes).toEqual({ full: connections, resumed: 0 });
      return phase.generator.rssPeakBytes!;
    };
    const few = await held(100);
    const many = await held(2_600);
    const perConnection = (many - few) / 2_500;
    expect(perConnection).toBeLessThan(40_000);
  },
);
