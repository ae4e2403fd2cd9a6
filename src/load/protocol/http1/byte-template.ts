import { ZERO } from './bytes.js';
import { randomAt } from './counter-random.js';
import { CELL, LENGTH, RANDOM, SEQUENCE, type Slot } from './slot.js';

/**
 * Text with slots in it, put into bytes for one sequence number after another without allocating.
 * Where every slot has a fixed width, only the slots are written; otherwise all is.
 */
export class ByteTemplate {
  /** The most that `encode` writes. */
  readonly maxBytes: number;
  /** Always the same length. */
  readonly isFixed: boolean;

  /** One more than there are slots; empty where two slots meet. */
  private readonly texts: readonly Uint8Array[];
  private readonly slots: readonly Slot[];
  /** Fixed width only: where each slot stands. */
  private readonly offsets: Int32Array;
  private readonly seed: number;
  private readonly lengthAt: number;
  /** Octets of text behind the LENGTH slot's own line: what it counts, the slots' apart. */
  private readonly countedBytes: number;
  // What was drawn for each slot: typed arrays, since a number above 2^31 elsewhere is an object.
  private readonly values: Float64Array;
  private readonly widths: Int32Array;

  /**
   * @param pieces in order; the slots behind a LENGTH slot are those that it counts
   * @param countedBytes octets of text that a LENGTH slot counts beside those slots
   */
  constructor(pieces: readonly (Uint8Array | Slot)[], seed: number, countedBytes = 0) {
    const { texts, slots } = part(pieces);
    this.texts = texts;
    this.slots = slots;
    this.seed = seed;
    this.countedBytes = countedBytes;
    this.lengthAt = slots.findIndex((slot) => slot.kind === LENGTH);
    this.isFixed = slots.every((slot) => slot.width !== -1);
    this.values = new Float64Array(slots.length);
    this.widths = Int32Array.from(slots, (slot) => slot.width);
    this.offsets = new Int32Array(slots.length);
    let at = 0;
    slots.forEach((slot, k) => {
      at += texts[k]!.length;
      this.offsets[k] = at;
      at += slot.maxWidth;
    });
    this.maxBytes = at + texts[slots.length]!.length;
  }

  /** A buffer for `encode`; only that of its own template will do. */
  createTarget(): Buffer {
    const target = Buffer.alloc(this.maxBytes);
    let at = 0;
    this.texts.forEach((text, k) => {
      target.set(text, at);
      at += text.length + (this.slots[k]?.maxWidth ?? 0);
    });
    return target;
  }

  /** Writes request number `sequence` to `target`; returns its length in bytes. */
  encode(target: Uint8Array, sequence: number): number {
    this.draw(sequence);
    if (this.isFixed) {
      for (let k = 0; k < this.slots.length; k += 1) this.writeSlot(target, this.offsets[k]!, k);
      return this.maxBytes;
    }
    let at = 0;
    for (let k = 0; k < this.slots.length; k += 1) {
      at = copy(target, at, this.texts[k]!);
      this.writeSlot(target, at, k);
      at += this.widths[k]!;
    }
    return copy(target, at, this.texts[this.slots.length]!);
  }

  private draw(sequence: number): void {
    const { slots, values, widths } = this;
    for (let k = slots.length - 1; k >= 0; k -= 1) {
      const slot = slots[k]!;
      switch (slot.kind) {
        case SEQUENCE:
          values[k] = slot.span === Infinity ? sequence : sequence % slot.span;
          break;
        case RANDOM: {
          // The high bits of a 32-bit number times the span: uniform but for span / 2^32.
          const share = (randomAt(this.seed, slot.stream, sequence) >>> 0) / 0x1_0000_0000;
          values[k] = slot.low + Math.floor(share * slot.span);
          break;
        }
        case CELL:
          values[k] = sequence % slot.cells.length;
          break;
        case LENGTH:
          values[k] = this.bodyLength();
      }
      if (slot.width === -1) widths[k] = this.widthOf(slot, k);
    }
  }

  /** The slots of the body come behind, and are drawn before. */
  private bodyLength(): number {
    let length = this.countedBytes;
    for (let k = this.lengthAt + 1; k < this.widths.length; k += 1) length += this.widths[k]!;
    return length;
  }

  private widthOf(slot: Slot, k: number): number {
    const value = this.values[k]!;
    if (slot.kind === CELL) return slot.cells[value]!.length;
    let width = 1;
    for (let limit = 10; value >= limit; limit *= 10) width += 1;
    return width;
  }

  private writeSlot(target: Uint8Array, at: number, k: number): void {
    const slot = this.slots[k]!;
    if (slot.kind === CELL) {
      copy(target, at, slot.cells[this.values[k]!]!);
      return;
    }
    let value = this.values[k]!;
    for (let i = at + this.widths[k]! - 1; i >= at; i -= 1) {
      const rest = Math.floor(value / 10);
      target[i] = ZERO + (value - rest * 10);
      value = rest;
    }
  }
}

/** The texts around the slots, neighbouring texts joined. */
function part(pieces: readonly (Uint8Array | Slot)[]): { texts: Uint8Array[]; slots: Slot[] } {
  const texts: Uint8Array[] = [];
  const slots: Slot[] = [];
  let text: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      text.push(piece);
    } else {
      texts.push(Buffer.concat(text));
      slots.push(piece);
      text = [];
    }
  }
  texts.push(Buffer.concat(text));
  return { texts, slots };
}

/** From here on, the call of `set` costs less than a loop. */
const LONG = 48;

function copy(target: Uint8Array, at: number, source: Uint8Array): number {
  if (source.length >= LONG) target.set(source, at);
  else for (let i = 0; i < source.length; i += 1) target[at + i] = source[i]!;
  return at + source.length;
}
