/**
 * Finds one text in a stream of octets, wherever the stream is cut (Knuth, Morris and Pratt, 1977).
 * The table is shared by all connections; a connection keeps one number, 0 before the first octet.
 */
export class BodyMatcher {
  private readonly text: Uint8Array;
  /** For each count of matched octets, the longest shorter prefix that is also their suffix. */
  private readonly fallback: Int32Array;

  constructor(text: string) {
    this.text = Buffer.from(text, 'utf8');
    this.fallback = fallbackTable(this.text);
  }

  /** The state after `bytes[start]` … `bytes[end − 1]`. Once found, it stays found. */
  advance(state: number, bytes: Uint8Array, start: number, end: number): number {
    const { text, fallback } = this;
    const length = text.length;
    let matched = state;
    for (let i = start; i < end && matched < length; i += 1) {
      const byte = bytes[i]!;
      while (matched > 0 && byte !== text[matched]) matched = fallback[matched]!;
      if (byte === text[matched]) matched += 1;
    }
    return matched;
  }

  isFound(state: number): boolean {
    return state === this.text.length;
  }
}

function fallbackTable(text: Uint8Array): Int32Array {
  const table = new Int32Array(text.length + 1);
  let matched = 0;
  for (let i = 1; i < text.length; i += 1) {
    while (matched > 0 && text[i] !== text[matched]) matched = table[matched]!;
    if (text[i] === text[matched]) matched += 1;
    table[i + 1] = matched;
  }
  return table;
}
