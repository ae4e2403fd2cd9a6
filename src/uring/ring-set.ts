import { Operation } from './abi.js';
import { BufferRing } from './buffer-ring.js';
import type { Libc } from './libc.js';
import { highWord, lowWord, type Memory } from './memory.js';
import { Ring, writeSubmission } from './ring.js';

/** The most that wait to be handed over, in one ring. */
export const submissions = 256;
const completionsOfOne = 4096;
const completionsOfMany = 1024;
const bufferBytes = 2048;
const buffersOfOne = 1024;
/** For each ring where there are several. */
const buffersOfMany = 64;

/** See `Ring.gather`. */
const eachAtOnce = { micros: 0, answers: 1 };

/** A ring with some of the connections, and the memory that what they receive arrives in. */
export interface SocketRing {
  readonly index: number;
  readonly ring: Ring;
  readonly buffers: BufferRing;
}

/**
 * The rings of one thread. A ring's table of direct descriptors may be as long as RLIMIT_NOFILE, each
 * ring's on its own: many connections need several rings, and the first waits for them all.
 */
export class RingSet {
  readonly all: readonly SocketRing[];
  readonly first: SocketRing;
  readonly #libc: Libc;
  readonly #bell: Bell | null = null;

  /** @param tables the length of each ring's table */
  constructor(libc: Libc, tables: readonly number[]) {
    this.#libc = libc;
    const rings = createRings(libc, tables);
    const mostBuffers = rings.length > 1 ? buffersOfMany : buffersOfOne;
    this.all = rings.map((ring, index) => {
      const count = Math.min(mostBuffers, powerOfTwo(tables[index]!));
      return { index, ring, buffers: new BufferRing(libc, ring, count, bufferBytes) };
    });
    this.first = this.all[0]!;
    if (rings.length > 1) this.#bell = new Bell(libc, rings);
  }

  /**
   * Hands over what is to be done, waits for something to come, for `micros` at the most, and lets
   * `reap` take what came, ring by ring. Of several rings nothing is gathered.
   */
  turn(micros: number, reap: (ring: SocketRing) => void, gathering = eachAtOnce): void {
    if (this.all.length === 1) {
      this.first.ring.gather(gathering.micros, gathering.answers);
      this.first.ring.submit(micros);
      reap(this.first);
      return;
    }
    let worked = false;
    for (const each of this.all) {
      if (each.ring.pending === 0 && !each.ring.hasWork) continue;
      each.ring.submit(0);
      worked = true;
      reap(each);
    }
    if (worked || micros <= 0) return;
    this.#bell!.arm(this.first.ring);
    this.first.ring.submit(micros);
  }

  /** To be told of completions that bear `bellUser`: the bell has rung. */
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

function createRings(libc: Libc, tables: readonly number[]): Ring[] {
  const rings: Ring[] = [];
  const completions = tables.length > 1 ? completionsOfMany : completionsOfOne;
  try {
    for (const files of tables) rings.push(new Ring(libc, { submissions, completions, files }));
    return rings;
  } catch (error) {
    for (const ring of rings) ring.close();
    throw error;
  }
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, atLeast)));
}
