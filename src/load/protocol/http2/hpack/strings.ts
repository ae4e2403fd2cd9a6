/** The most octets that the length of a string takes. */
export const mostLengthBytes = 6;

/** Writes an integer whose first octet has `bits` for it, and `flags` above them (RFC 7541 §5.1). */
export function writeInteger(
  target: Uint8Array,
  at: number,
  bits: number,
  flags: number,
  value: number,
): number {
  const most = (1 << bits) - 1;
  if (value < most) {
    target[at] = flags | value;
    return at + 1;
  }
  let i = at;
  target[i++] = flags | most;
  let rest = value - most;
  for (; rest >= 0x80; rest >>>= 7) target[i++] = 0x80 | (rest & 0x7f);
  target[i++] = rest;
  return i;
}

/** Writes a string as it is, without Huffman's code; returns where it ends. */
export function writeString(
  target: Uint8Array,
  at: number,
  text: Uint8Array,
  length: number,
): number {
  const start = writeInteger(target, at, 7, 0, length);
  for (let i = 0; i < length; i++) target[start + i] = text[i]!;
  return start + length;
}
