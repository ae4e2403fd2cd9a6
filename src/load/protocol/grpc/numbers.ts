import type { NumberType } from '../../grpc-call.js';

/** The most octets that a number takes (https://protobuf.dev/programming-guides/encoding/). */
export const maxNumberBytes = 10;

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

// The value that is written, as it is in memory: all machines that Node runs on are little-endian.
const value = new Float64Array(1);
const octets = new Uint8Array(value.buffer);
const single = new Float32Array(1);
const singleOctets = new Uint8Array(single.buffer);

/**
 * Writes the number whose decimal digits are `digits[0]` … `digits[length − 1]` so that `end` is its
 * end; returns where it begins. What is above 2^53 loses its last digits.
 */
export function writeNumberBefore(
  target: Uint8Array,
  end: number,
  type: NumberType,
  digits: Uint8Array,
  length: number,
): number {
  parse(digits, length);
  switch (type) {
    case 'varint':
      return writeVarint(target, end, lowWord(), highWord());
    case 'zigzag':
      return writeZigzag(target, end);
    case 'fixed32':
      writeWord(target, end - 4, lowWord());
      return end - 4;
    case 'fixed64':
      writeWord(target, end - 8, lowWord());
      writeWord(target, end - 4, highWord());
      return end - 8;
    case 'float':
      single[0] = value[0]!;
      for (let i = 0; i < 4; i++) target[end - 4 + i] = singleOctets[i]!;
      return end - 4;
    case 'double':
      for (let i = 0; i < 8; i++) target[end - 8 + i] = octets[i]!;
      return end - 8;
  }
}

function parse(digits: Uint8Array, length: number): void {
  let number = 0;
  let scale = 0;
  for (let i = 0; i < length; i++) {
    const digit = digits[i]!;
    if (digit === point) scale = 1;
    else if (digit !== minus) {
      number = number * 10 + (digit - zero);
      scale *= 10;
    }
  }
  if (scale > 1) number /= scale;
  value[0] = digits[0] === minus ? -number : number;
}

// Of the value in two's complement.
function lowWord(): number {
  return value[0]! >>> 0;
}

function highWord(): number {
  return Math.floor(value[0]! / 0x1_0000_0000) >>> 0;
}

/** Twice the number, or for one below 0 twice its amount less one. */
function writeZigzag(target: Uint8Array, end: number): number {
  const isBelow = value[0]! < 0;
  value[0] = Math.abs(value[0]! * 2);
  const low = lowWord();
  const high = highWord();
  if (!isBelow) return writeVarint(target, end, low, high);
  return writeVarint(target, end, (low - 1) >>> 0, low === 0 ? high - 1 : high);
}

function writeVarint(target: Uint8Array, end: number, low: number, high: number): number {
  const start = end - varintBytes(low, high);
  let at = start;
  let rest = low;
  let above = high;
  while (at < end - 1) {
    target[at++] = 0x80 | (rest & 0x7f);
    rest = ((rest >>> 7) | (above << 25)) >>> 0;
    above >>>= 7;
  }
  target[at] = rest;
  return start;
}

function varintBytes(low: number, high: number): number {
  const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
  return Math.max(1, Math.ceil(bits / 7));
}

/** Writes a length so that `end` is its end; returns where it begins. */
export function writeLengthBefore(target: Uint8Array, end: number, length: number): number {
  return writeVarint(target, end, length, 0);
}

function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word;
  target[at + 1] = word >>> 8;
  target[at + 2] = word >>> 16;
  target[at + 3] = word >>> 24;
}
