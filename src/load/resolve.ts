import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { destinationOf, noDetours } from './detours.js';
import type { Origin, UnresolvedOrigin } from './plan.js';
import { requireSocket } from './unix-socket.js';

const probeMillis = 2_000;

/** A name that leads nowhere. */
class ResolveError extends Error {
  constructor(hostname: string, cause: unknown) {
    super(`Cannot resolve the host name "${hostname}"`, { cause });
    this.name = 'ResolveError';
  }
}

/**
 * Finds the addresses of an origin once, so that ten thousand connections do not ask ten thousand
 * times. A name with several is one origin for each, over which the load is spread. `localhost`,
 * which is often ::1 and 127.0.0.1, means one server: of two families, that of the first address
 * that accepts a connection is taken. A Unix socket has no more to be found, but must be there.
 */
export async function resolveOrigins(
  { socket, ...origin }: UnresolvedOrigin,
  ask: typeof lookUp = lookUp,
  detours = noDetours,
): Promise<Origin[]> {
  if (socket !== undefined) {
    await requireSocket(socket);
    return [{ ...origin, address: socket }];
  }
  const { host, port, addresses: known } = destinationOf(origin, detours);
  const to = port === origin.port ? origin : { ...origin, connectPort: port };
  if (known === null && net.isIP(host) !== 0) return [{ ...to, address: host }];
  const found =
    known ??
    (await ask(host).catch((error: unknown) => {
      throw new ResolveError(host, error);
    }));
  const addresses = [...new Set(found)];
  const family = net.isIP(await firstAccepting(addresses, port));
  return addresses
    .filter((address) => net.isIP(address) === family)
    .map((address) => ({ ...to, address }));
}

async function lookUp(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

/** The first of all where none accepts. */
async function firstAccepting(addresses: readonly string[], port: number): Promise<string> {
  const [first] = addresses;
  if (new Set(addresses.map(net.isIP)).size === 1) return first!;
  for (const address of addresses) {
    if (await accepts(address, port)) return address;
  }
  return first!;
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
