const mostKept = 64 * 1024;
/** A server that goes on for longer, or so often, means no good (CONTINUATION floods, 2024). */
const mostBytes = 1024 * 1024;
const mostFrames = 256;

/** A header block that comes in several frames (RFC 9113 §6.10). */
interface Block {
  readonly bytes: Buffer;
  stream: number;
  ends: boolean;
  /** Octets that came, of which `mostKept` at the most are kept. */
  length: number;
  frames: number;
}

/** Puts together the header blocks that come in pieces, one at a time on each connection. */
export class HeaderBlocks {
  readonly #blocks = new Map<number, Block>();
  readonly #spare: Block[] = [];

  begin(connection: number, stream: number, ends: boolean): void {
    const block = this.#spare.pop() ?? {
      ...{ bytes: Buffer.alloc(mostKept), stream, ends, length: 0, frames: 0 },
    };
    block.stream = stream;
    block.ends = ends;
    block.length = 0;
    block.frames = 0;
    this.#blocks.set(connection, block);
  }

  /** Whether none is being put together. */
  isWhole(connection: number): boolean {
    // Nearly always there is none at all.
    return this.#blocks.size === 0 || !this.#blocks.has(connection);
  }

  /** Returns false where it is more than anyone means in good faith. */
  add(connection: number, bytes: Uint8Array, start: number, end: number): boolean {
    const block = this.#blocks.get(connection)!;
    const kept = Math.min(end - start, Math.max(0, mostKept - block.length));
    for (let i = 0; i < kept; i++) block.bytes[block.length + i] = bytes[start + i]!;
    block.length += end - start;
    block.frames++;
    return block.length <= mostBytes && block.frames <= mostFrames;
  }

  streamOf(connection: number): number {
    return this.#blocks.get(connection)!.stream;
  }

  /** Takes the block of a connection, to be given back by `giveBack`. */
  take(connection: number): Block {
    const block = this.#blocks.get(connection)!;
    this.#blocks.delete(connection);
    return block;
  }

  giveBack(block: Block): void {
    this.#spare.push(block);
  }

  isTooLong(block: Block): boolean {
    return block.length > mostKept;
  }

  forget(connection: number): void {
    const block = this.#blocks.get(connection);
    if (block === undefined) return;
    this.#blocks.delete(connection);
    this.#spare.push(block);
  }
}
