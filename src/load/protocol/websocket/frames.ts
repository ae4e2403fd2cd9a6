/** RFC 6455 §5.2. */
export const Opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

export const finalBit = 0x80;
export const reservedBits = 0x70;
export const opcodeBits = 0x0f;
export const maskBit = 0x80;
export const lengthBits = 0x7f;
/** Of a control frame, the most octets of payload (RFC 6455 §5.5). */
export const mostControlBytes = 125;
export const maskBytes = 4;
/** Of a client's frame: two octets, a length of eight, a mask. */
export const mostHeadBytes = 2 + 8 + maskBytes;

/** RFC 6455 §7.4.1. */
export const CloseCode = {
  normal: 1000,
  protocolError: 1002,
  notUtf8: 1007,
  tooLarge: 1009,
} as const;

/** Writes the head of a whole, masked frame to `target` from `at` on; returns its length. */
export function writeHead(
  target: Uint8Array,
  at: number,
  opcode: number,
  length: number,
  mask: Uint8Array,
): number {
  target[at] = finalBit | opcode;
  let end = at + 2;
  if (length < 126) target[at + 1] = maskBit | length;
  else if (length < 0x1_0000) {
    target[at + 1] = maskBit | 126;
    target[end++] = length >>> 8;
    target[end++] = length & 0xff;
  } else {
    target[at + 1] = maskBit | 127;
    // No message has 4 GB.
    for (let k = 0; k < 4; k++) target[end++] = 0;
    for (let shift = 24; shift >= 0; shift -= 8) target[end++] = (length >>> shift) & 0xff;
  }
  for (let k = 0; k < maskBytes; k++) target[end++] = mask[k]!;
  return end - at;
}

/** Masks `target[start]` … `target[end − 1]`, a payload from its beginning on (RFC 6455 §5.3). */
export function applyMask(target: Uint8Array, start: number, end: number, mask: Uint8Array): void {
  for (let at = start, k = 0; at < end; at++, k = (k + 1) & 3) {
    target[at] = target[at]! ^ mask[k]!;
  }
}
