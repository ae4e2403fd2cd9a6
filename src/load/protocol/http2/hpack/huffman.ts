/**
 * Bits of the code of each octet, and of the end of string, which is number 256 (RFC 7541 Appendix B).
 * The code is canonical: codes of one length are in the order of their octets, and follow from this.
 */
// prettier-ignore
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const endOfString = 256;
const none = -1;

/** A decoder that takes four bits at a time: no code is shorter than five, so each gives one octet at most. */
const { next, octets, mayEnd } = createTables();

/**
 * Decodes a string of HPACK's (RFC 7541 §5.2) from `bytes[start]` … `bytes[end − 1]` into `target`.
 * What does not fit is decoded, but not kept.
 * @returns how long it is decoded; −1: it is not a string
 */
export function decodeHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
): number {
  let state = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const at = (state << 4) | ((byte >>> shift) & 15);
      const octet = octets[at]!;
      if (octet !== none) {
        if (octet === endOfString) return -1;
        if (length < target.length) target[length] = octet;
        length++;
      }
      state = next[at]!;
    }
  }
  return mayEnd[state] === 1 ? length : -1;
}

interface Tables {
  /** By state and four bits: the state after them. */
  readonly next: Uint16Array;
  /** By state and four bits: the octet that they complete. */
  readonly octets: Int16Array;
  /** By state. 1: what was read of an octet is padding, fewer than eight bits, all of them ones. */
  readonly mayEnd: Uint8Array;
}

function createTables(): Tables {
  const { children, states } = createTree();
  const next = new Uint16Array(states * 16);
  const octets = new Int16Array(states * 16).fill(none);
  const mayEnd = new Uint8Array(states);
  for (let state = 0; state < states; state++) {
    for (let bits = 0; bits < 16; bits++) {
      const at = (state << 4) | bits;
      let node = state;
      for (let shift = 3; shift >= 0; shift--) {
        node = children[node * 2 + ((bits >>> shift) & 1)]!;
        if (node >= 0) continue;
        octets[at] = -node - 1;
        node = 0;
      }
      next[at] = node;
    }
  }
  for (let node = 0, bits = 0; bits < 8; bits++, node = children[node * 2 + 1]!) mayEnd[node] = 1;
  return { next, octets, mayEnd };
}

/** By node and bit: the node that follows, or, below 0, the octet, counted from −1 downwards. */
function createTree(): { children: number[]; states: number } {
  const children = [0, 0];
  let code = 0;
  for (let length = 1; length <= 30; length++) {
    code *= 2;
    for (let octet = 0; octet <= endOfString; octet++) {
      if (codeLengths[octet] !== length) continue;
      let node = 0;
      for (let bit = length - 1; bit > 0; bit--) {
        const at = node * 2 + ((code >>> bit) & 1);
        if (children[at] === 0) {
          children[at] = children.length / 2;
          children.push(0, 0);
        }
        node = children[at]!;
      }
      children[node * 2 + (code & 1)] = -octet - 1;
      code++;
    }
  }
  return { children, states: children.length / 2 };
}
