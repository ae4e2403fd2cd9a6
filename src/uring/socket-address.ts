import net from 'node:net';
import { inetNumber } from '../basis/address-range.js';
import { isSocketPath, mostPathBytes } from '../basis/socket-path.js';
import { Socket } from './abi.js';

/** `struct sockaddr_in6`, the longer of the two of IP. */
const inet6Bytes = 28;
const inetBytes = 16;
/** `struct sockaddr_un`: a family, and a path with a 0 at its end. */
export const longestAddressBytes = 2 + mostPathBytes + 1;

/** An address and a port as the kernel wants them (ip(7), ipv6(7), unix(7)), in network byte order. */
interface SocketAddress {
  readonly family: number;
  readonly bytes: Uint8Array;
}

/** @param address IPv4 or IPv6, without a zone; or the path of a Unix socket, which has no port */
export function socketAddress(address: string, port: number): SocketAddress {
  if (net.isIPv4(address)) {
    const bytes = new Uint8Array(inetBytes);
    writeInet(bytes, 0, inetNumber(address), port);
    return { family: Socket.inet, bytes };
  }
  if (isSocketPath(address)) return { family: Socket.unix, bytes: unixBytes(address) };
  const bytes = new Uint8Array(inet6Bytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Socket.inet6, true);
  view.setUint16(2, port);
  inet6Groups(address).forEach((group, index) => view.setUint16(8 + index * 2, group));
  return { family: Socket.inet6, bytes };
}

/** A `struct sockaddr_un`, up to the 0 behind its path. */
function unixBytes(path: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(Socket.unix, 0), Buffer.from(path), Uint8Array.of(0)]);
}

/** Writes a `struct sockaddr_in`; `address` as a number, 127.0.0.1 being 0x7f000001. */
export function writeInet(bytes: Uint8Array, at: number, address: number, port: number): void {
  bytes[at] = Socket.inet;
  bytes[at + 1] = 0;
  bytes[at + 2] = port >> 8;
  bytes[at + 3] = port & 255;
  bytes[at + 4] = address >>> 24;
  bytes[at + 5] = (address >>> 16) & 255;
  bytes[at + 6] = (address >>> 8) & 255;
  bytes[at + 7] = address & 255;
  bytes.fill(0, at + 8, at + inetBytes);
}

export const inetAddressBytes = inetBytes;

/** The eight groups of an IPv6 address, `::` filled in and a dotted tail read. */
function inet6Groups(address: string): number[] {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (dotted) {
    const number = inetNumber(dotted[2]!);
    const groups = [Math.floor(number / 0x1_0000), number % 0x1_0000];
    return inet6Groups(`${dotted[1]}${groups.map((group) => group.toString(16)).join(':')}`);
  }
  const [left = [], right] = address.split('::').map((side) =>
    side
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16)),
  );
  if (right === undefined) return left;
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}
