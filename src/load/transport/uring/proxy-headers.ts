import { dotted } from '../../../basis/address-range.js';
import type { Libc } from '../../../uring/libc.js';
import { highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { send } from '../../../uring/operations.js';
import type { Ring } from '../../../uring/ring.js';
import type { LoadPlan, ProxyVersion } from '../../plan.js';
import { proxyHeader } from '../proxy-header.js';
import type { SourceAddresses } from './source-addresses.js';

/** As many as that of version 1 has for two addresses of IPv4, and more than that of version 2. */
const mostBytes = 64;

/**
 * The headers of the PROXY protocol that connections begin with, by slot. Nobody tells the port of a
 * socket that is in no descriptor table, so a source is known where it is planned.
 */
export class ProxyHeaders {
  readonly #libc: Libc;
  readonly #version: ProxyVersion;
  readonly #origins: LoadPlan['origins'];
  readonly #sources: SourceAddresses | null;
  readonly #memory: Memory;
  readonly #lengths: Uint8Array;

  constructor(
    libc: Libc,
    version: ProxyVersion,
    { origins }: Pick<LoadPlan, 'origins'>,
    slots: number,
    sources: SourceAddresses | null,
  ) {
    this.#libc = libc;
    this.#version = version;
    this.#origins = origins;
    this.#sources = sources;
    this.#memory = libc.allocate(slots * mostBytes);
    this.#lengths = new Uint8Array(slots);
  }

  /** Lays out that of a connection whose source was planned last. */
  prepare(slot: number, origin: number): void {
    const { address, connectPort, port } = this.#origins[origin]!;
    const from = this.#sources;
    const ends = from && {
      from: { address: dotted(from.address), port: from.port },
      to: { address, port: connectPort ?? port },
    };
    const header = proxyHeader(this.#version, ends);
    this.#memory.bytes.set(header, slot * mostBytes);
    this.#lengths[slot] = header.length;
  }

  /** Sends it, ahead of all else; it stays as it is until the next connection of the slot. */
  send(ring: Ring, place: number, slot: number, generation: number): number {
    const address = this.#memory.address + slot * mostBytes;
    const length = this.#lengths[slot]!;
    send(ring, place, lowWord(address), highWord(address), length, generation);
    return length;
  }

  free(): void {
    this.#libc.free(this.#memory);
  }
}
