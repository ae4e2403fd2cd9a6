import type { Origin } from './plan.js';

/** Where connections to a host and port of a URL go instead; null stands for any, or the same. */
export interface ConnectTo {
  readonly host: string | null;
  readonly port: number | null;
  readonly toHost: string | null;
  readonly toPort: number | null;
}

/** Addresses of a host at a port, which then is not looked up; host null: any. */
export interface KnownAddresses {
  readonly host: string | null;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** `--connect-to` and `--resolve`, as curl(1) has them: of each kind the first that fits counts. */
export interface Detours {
  readonly connectTo: readonly ConnectTo[];
  readonly resolve: readonly KnownAddresses[];
}

export const noDetours: Detours = { connectTo: [], resolve: [] };

/** Where connections go; the request, and the name in the certificate, are as in the URL. */
interface Destination {
  readonly host: string;
  readonly port: number;
  /** null: the host is to be looked up. */
  readonly addresses: readonly string[] | null;
}

export function destinationOf(
  { hostname, port }: Pick<Origin, 'hostname' | 'port'>,
  { connectTo, resolve }: Detours,
): Destination {
  const own = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const detour = connectTo.find((one) => (one.host ?? own) === own && (one.port ?? port) === port);
  const host = detour?.toHost ?? own;
  const at = detour?.toPort ?? port;
  const known = resolve.find((one) => (one.host ?? host) === host && one.port === at);
  return { host, port: at, addresses: known?.addresses ?? null };
}
