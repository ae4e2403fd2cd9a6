import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * A port that nobody listens on. Preferably one that the kernel never gives to outgoing
 * connections: such a connection could take it between now and the start of the target.
 */
export async function freePort(host: string): Promise<number> {
  const [low, high] = await outgoingRange();
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = randomInt(10_000, 60_000);
    if (port >= low && port <= high) continue;
    if (await isFree(host, port)) return port;
  }
  return portOf(host, 0);
}

export async function isFree(host: string, port: number): Promise<boolean> {
  return portOf(host, port).then(
    () => true,
    () => false,
  );
}

function portOf(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : port),
      );
    });
  });
}

async function outgoingRange(): Promise<[number, number]> {
  try {
    const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [low, high] = text.trim().split(/\s+/).map(Number);
    return [low ?? 0, high ?? 0];
  } catch {
    // What the other systems use (RFC 6335).
    return [49_152, 65_535];
  }
}
