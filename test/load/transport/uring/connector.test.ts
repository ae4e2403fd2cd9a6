import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { Connector } from '../../../../src/load/transport/uring/connector.js';
import { SourceAddresses } from '../../../../src/load/transport/uring/source-addresses.js';
import { Libc } from '../../../../src/uring/libc.js';
import { RingSet } from '../../../../src/uring/ring-set.js';
import { hasUring } from '../../../fixtures/uring.js';

const connectUser = 2;

/** Opens one connection by each of the two ways to a planned source; returns where it came from. */
async function sourceSeen(canBind: boolean, taken: number): Promise<string> {
  const libc = await Libc.load();
  const rings = new RingSet(libc, [4]);
  const { ring } = rings.first;
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const origin = { protocol: 'http:', hostname: 'h', address: '127.0.0.1', port } as const;
  const range = { first: 0x7f0b_0c0d, last: 0x7f0b_0c0d };
  const sources = new SourceAddresses([range], 20_000, { index: 0, count: 1 }, taken);
  const connector = new Connector(libc, [origin], sources, 256, canBind);
  try {
    const accepted = once(server, 'connection') as Promise<[net.Socket]>;
    connector.connect(ring, 1, 0, 1, connectUser, 0);
    for (let tries = 0; tries < 100 && ring.head === ring.completionTail; tries++) {
      ring.submit(10_000);
    }
    const at = ring.completionAt(ring.head);
    expect([...ring.completions.slice(at, at + 3)]).toEqual([connectUser, 0, 0]);
    const [socket] = await accepted;
    const { remoteAddress, remotePort } = socket;
    socket.destroy();
    return `${remoteAddress}:${remotePort}`;
  } finally {
    rings.close();
    connector.free();
    server.close();
  }
}

it.runIf(hasUring)(
  'a planned source is bound by the ring, where the kernel can do that',
  async () => {
    expect(await sourceSeen(true, 0)).toBe('127.11.12.13:10000');
  },
);

it.runIf(hasUring)(
  'and by an ordinary socket that moves into the ring, where it cannot',
  async () => {
    const occupant = net.createServer().listen(10_100, '127.11.12.13');
    await once(occupant, 'listening');
    try {
      // The first port is taken, and passed over.
      expect(await sourceSeen(false, 100)).toBe('127.11.12.13:10101');
    } finally {
      occupant.close();
    }
  },
);
