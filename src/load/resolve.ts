import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { Origin } from './plan.js';

const probeMillis = 2_000;

/** A name that leads nowhere. */
class ResolveError extends Error {
  constructor(hostname: string, cause: unknown) {
    super(`Cannot resolve the host name "${hostname}"`, { cause });
    this.name = 'ResolveError';
  }
}

/**
 * Finds the address of an origin once, so that ten thousand connections do not ask ten thousand
 * times. Of several addresses (`localhost` is often ::1 and 127.0.0.1) the first that accepts a
 * connection is taken.
 */
export async function resolveOrigin(origin: Omit<Origin, 'address'>): Promise<Origin> {
  const hostname = origin.hostname.replace(/^\[|\]$/g, '');
  if (net.isIP(hostname) !== 0) return { ...origin, address: hostname };
  const found = await lookup(hostname, { all: true }).catch((error: unknown) => {
    throw new ResolveError(hostname, error);
  });
  const addresses = found.map(({ address }) => address);
  if (addresses.length > 1) {
    for (const address of addresses) {
      if (await accepts(address, origin.port)) return { ...origin, address };
    }
  }
  return { ...origin, address: addresses[0]! };
}

/** Whether somebody accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const done = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(probeMillis, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
