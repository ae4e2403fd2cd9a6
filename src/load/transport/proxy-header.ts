import { isIPv4 } from 'node:net';
import { socketAddress } from '../../uring/socket-address.js';
import type { ProxyVersion } from '../plan.js';

interface Endpoint {
  /** IPv4 or IPv6. */
  readonly address: string;
  readonly port: number;
}

/** Whose connection it is. */
interface Ends {
  readonly from: Endpoint;
  /** Of the same family. */
  readonly to: Endpoint;
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Version 2, and what is said: the connection is the sender's own, or another's. */
const local = 0x20;
const proxied = 0x21;
/** An address family, and that it is a stream. */
const ofInet = 0x11;
const ofInet6 = 0x21;

/**
 * The header that a connection begins with (HAProxy, "The PROXY protocol", §2.1 and §2.2).
 * @param ends null where they are not known, or are no addresses of IP: then it tells the server to
 * look at the connection itself (UNKNOWN in version 1, LOCAL in version 2)
 */
export function proxyHeader(version: ProxyVersion, ends: Ends | null): Uint8Array {
  return version === 'v1' ? Buffer.from(line(ends), 'latin1') : binary(ends);
}

function line(ends: Ends | null): string {
  if (ends === null) return 'PROXY UNKNOWN\r\n';
  const { from, to } = ends;
  const family = isIPv4(from.address) ? 'TCP4' : 'TCP6';
  return `PROXY ${family} ${from.address} ${to.address} ${from.port} ${to.port}\r\n`;
}

function binary(ends: Ends | null): Uint8Array {
  if (ends === null) return Buffer.concat([signature, Uint8Array.of(local, 0, 0, 0)]);
  const isFour = isIPv4(ends.from.address);
  const [from, to] = [ends.from, ends.to].map(({ address, port }) => {
    const { bytes } = socketAddress(address, port);
    const host = isFour ? bytes.subarray(4, 8) : bytes.subarray(8, 24);
    return { host, port: bytes.subarray(2, 4) };
  }) as [Parts, Parts];
  const addresses = Buffer.concat([from.host, to.host, from.port, to.port]);
  const head = Uint8Array.of(proxied, isFour ? ofInet : ofInet6, 0, addresses.length);
  return Buffer.concat([signature, head, addresses]);
}

/** In network byte order. */
interface Parts {
  readonly host: Uint8Array;
  readonly port: Uint8Array;
}
