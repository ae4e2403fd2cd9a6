import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

let close: () => void = () => undefined;
afterEach(() => close());

async function listening(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return (server.address() as AddressInfo).port;
}

/** Connections to a port that their client has not closed yet (proc(5), /proc/net/tcp). */
function establishedTo(port: number): number {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to?.endsWith(remote) === true && state === '01').length;
}

const body = 'x'.repeat(5_000_000);

describe.each(engines)('the engine %s', (engine) => {
  it.runIf(process.platform === 'linux')(
    'closes a connection whose request times out half sent',
    async () => {
      // It takes connections, and reads nothing.
      const port = await listening(net.createServer({ pauseOnConnect: true }));
      const counts: number[] = [];
      const watch = setInterval(() => counts.push(establishedTo(port)), 20);
      const { load } = await phaseOf(`http://127.0.0.1:${port}/`, {
        engine,
        body,
        duration: '4s',
        timeout: '200ms',
        connections: '3',
        threads: '1',
      });
      clearInterval(watch);
      expect(load.errors['timeout']).toBeGreaterThanOrEqual(9);
      expect(counts.length).toBeGreaterThan(10);
      // Some are opened while others are being closed; half of the time, no more than that.
      const median = counts.sort((a, b) => a - b)[counts.length >> 1];
      expect(median).toBeLessThanOrEqual(6);
    },
  );

  // undici counts some of these as reset.
  it.skipIf(engine === 'undici')(
    'does not mix a request with the rest of one that was answered early',
    async () => {
      const starts: string[] = [];
      const head = /^POST \/ HTTP\/1.1\r\n(?:.+\r\n)*?content-length: (\d+)\r\n(?:.+\r\n)*\r\n/i;
      const server = net.createServer((socket) => {
        let missing = 0;
        let begun = '';
        socket.on('data', (data) => {
          const rest = data.subarray(Math.min(missing, data.length));
          missing -= data.length - rest.length;
          begun += rest.toString('latin1');
          const match = head.exec(begun);
          if (match === null) {
            // Only the beginning of a head may be here so far.
            if (begun !== '') starts.push('POST'.startsWith(begun.slice(0, 4)) ? 'POST' : 'other');
            return;
          }
          starts.push('POST');
          // Answered at the head, and read slowly.
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          missing = Number(match[1]) - (begun.length - match[0].length);
          begun = '';
          socket.pause();
          setTimeout(() => socket.resume(), 20);
        });
      });
      const port = await listening(server);
      const options = { engine, body, requests: '20', connections: '2' };
      const { load } = await phaseOf(`http://127.0.0.1:${port}/`, options);
      expect(new Set(starts)).toEqual(new Set(['POST']));
      expect(load.errors).toEqual({});
      expect(load.responses).toBe(20);
    },
  );
});
