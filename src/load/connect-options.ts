import { transportOf, type Origin } from './plan.js';

/** Where Node's sockets connect to (net.connect). */
export function connectOptions(
  origin: Pick<Origin, 'address' | 'connectPort' | 'port'>,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  const { address, connectPort, port } = origin;
  if (transportOf(origin) === 'unix') return { path: address };
  return { host: address, port: connectPort ?? port };
}
