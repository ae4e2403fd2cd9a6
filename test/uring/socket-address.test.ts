import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { Libc } from '../../src/uring/libc.js';
import { socketAddress, writeInet } from '../../src/uring/socket-address.js';
import { hasUring } from '../fixtures/uring.js';

/** Connects, and returns the address that the connection leads to, as the kernel says. */
async function reach(host: string, port: number): Promise<string> {
  const socket = net.connect({ host, port });
  await once(socket, 'connect');
  const { remoteAddress = '' } = socket;
  socket.destroy();
  return remoteAddress;
}

const refusal = (host: string, port: number): Promise<unknown> =>
  reach(host, port).then(
    () => 'accepted',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );

describe.runIf(hasUring)('a socket address', () => {
  it.each([
    { address: '127.0.0.1', at: ['127.0.0.1'], notAt: ['127.0.0.2', '::1'] },
    { address: '127.200.3.4', at: ['127.200.3.4'], notAt: ['127.0.0.1', '127.4.3.200'] },
    { address: '0.0.0.0', at: ['127.0.0.1', '127.200.3.4'], notAt: ['::1'] },
    { address: '::1', at: ['::1'], notAt: ['127.0.0.1'] },
    { address: '0:0:0:0:0:0:0:1', at: ['::1'], notAt: ['127.0.0.1'] },
    { address: '::', at: ['::1', '127.0.0.1'], notAt: [] },
    { address: '::ffff:127.0.0.7', at: ['127.0.0.7'], notAt: ['127.0.0.1', '::1'] },
    { address: '::ffff:7f00:8', at: ['127.0.0.8'], notAt: ['127.0.0.1', '::1'] },
  ])('$address is the one that the kernel listens at', async ({ address, at, notAt }) => {
    const libc = await Libc.load();
    const { family, bytes } = socketAddress(address, 0);
    const fd = libc.listen(family, bytes, 16);
    try {
      const port = libc.portOf(fd);
      expect(port).toBeGreaterThan(0);
      for (const host of at) expect(await reach(host, port)).toBe(host);
      for (const host of notAt) expect(await refusal(host, port), host).toBe('ECONNREFUSED');
      // The port in the bytes is the same one: it is taken now.
      const again = socketAddress(address, port);
      expect(() => libc.listen(again.family, again.bytes, 16)).toThrow('bind failed: EADDRINUSE');
    } finally {
      libc.close(fd);
    }
  });

  it('as a number is the same as in writing', () => {
    const { bytes } = socketAddress('127.9.200.1', 40_000);
    const written = new Uint8Array(32).fill(255);
    writeInet(written, 8, 0x7f09_c801, 40_000);
    expect(written.subarray(8, 24)).toEqual(bytes);
    expect([written[7], written[24]]).toEqual([255, 255]);
  });
});
