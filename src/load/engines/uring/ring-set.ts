import { constants } from 'node:os';
import { Operation } from '../../../uring/abi.js';
import { BufferRing } from '../../../uring/buffer-ring.js';
import { SystemError, type Libc } from '../../../uring/libc.js';
import { highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { Ring, writeSubmission } from '../../../uring/ring.js';

/** The most that wait to be handed over, in one ring. */
export const submissions = 256;
const completions = 4096;
const bufferBytes = 2048;
const mostBuffers = 1024;
/** Of each ring where there are several. */
const sharedBuffers = 128;

/** A place in a ring has to fit into 16 bits of user data, with room for the table's end. */
const mostPlaceBits = 15;
const fewestPlaceBits = 6;

/** A ring with some of the connections, and the memory that their responses arrive in. */
export interface SocketRing {
  readonly ring: Ring;
  readonly buffers: BufferRing;
  readonly firstSlot: number;
}

/**
 * The rings of one worker. A ring's table of direct descriptors may be as long as RLIMIT_NOFILE, each
 * ring's on its own: many connections need several rings, and the first waits for them all.
 */
export class RingSet {
  readonly all: readonly SocketRing[];
  readonly first: SocketRing;
  readonly #libc: Libc;
  readonly #placeBits: number;
  readonly #placeMask: number;
  readonly #bell: Bell | null = null;

  constructor(libc: Libc, slots: number) {
    this.#libc = libc;
    const { rings, placeBits } = createRings(libc, slots);
    this.#placeBits = placeBits;
    this.#placeMask = (1 << placeBits) - 1;
    const buffers = rings.length > 1 ? sharedBuffers : mostBuffers;
    this.all = rings.map((ring, index) => {
      const firstSlot = index << placeBits;
      const count = Math.min(buffers, powerOfTwo(slots - firstSlot));
      return { ring, firstSlot, buffers: new BufferRing(libc, ring, count, bufferBytes) };
    });
    this.first = this.all[0]!;
    if (rings.length > 1) this.#bell = new Bell(libc, rings);
  }

  of(slot: number): SocketRing {
    return this.all.length === 1 ? this.first : this.all[slot >>> this.#placeBits]!;
  }

  /** Where a slot stands in its ring's table. */
  placeOf(slot: number): number {
    return slot & this.#placeMask;
  }

  /** Sleeps until there is work in any ring, for `micros` at the most. */
  awaitAny(micros: number): void {
    this.#bell!.arm(this.first.ring);
    this.first.ring.submit(micros);
  }

  /** The bell has rung. */
  woken(): void {
    this.#bell?.disarm();
  }

  close(): void {
    for (const { ring, buffers } of this.all) {
      ring.close();
      buffers.free();
    }
    this.#bell?.free(this.#libc);
  }
}

/** An eventfd that the other rings ring, and that the first one reads. */
class Bell {
  readonly #fd: number;
  readonly #memory: Memory;
  #armed = false;

  constructor(libc: Libc, [, ...others]: readonly Ring[]) {
    this.#fd = libc.eventfd();
    this.#memory = libc.allocate(8);
    for (const ring of others) ring.signal(this.#fd);
  }

  arm(ring: Ring): void {
    if (this.#armed) return;
    this.#armed = true;
    const { address } = this.#memory;
    writeSubmission(
      ring.words,
      ring.claim(),
      Operation.READ,
      this.#fd,
      0,
      lowWord(address),
      highWord(address),
      8,
      0,
      bellUser,
      0,
      0,
    );
  }

  disarm(): void {
    this.#armed = false;
  }

  free(libc: Libc): void {
    libc.close(this.#fd);
    libc.free(this.#memory);
  }
}

/** The low word of the user data of the bell's completions. */
export const bellUser = 0x7fff_ffff;

function createRings(libc: Libc, slots: number): { rings: Ring[]; placeBits: number } {
  for (let placeBits = mostPlaceBits; ; placeBits--) {
    const rings: Ring[] = [];
    try {
      for (let first = 0; first < slots; first += 1 << placeBits) {
        const files = Math.min(slots - first, 1 << placeBits);
        rings.push(new Ring(libc, { submissions, completions, files }));
      }
      return { rings, placeBits };
    } catch (error) {
      for (const ring of rings) ring.close();
      const tooLong = error instanceof SystemError && error.errno === constants.errno.EMFILE;
      if (!tooLong || placeBits === fewestPlaceBits) throw error;
    }
  }
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, atLeast)));
}
