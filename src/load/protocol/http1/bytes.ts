/** The octets that HTTP/1.1 is made of, and tables over them. */

export const NUL = 0x00;
export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

/**
 * The lower-case form of each octet that may stand in a token (RFC 9110 §5.6.2), 0 for all others.
 * A plain `| 0x20` will not do: it makes a hyphen of CR.
 */
export const LOWER_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
  LOWER_TOKEN[char.charCodeAt(0)] = char.charCodeAt(0);
  LOWER_TOKEN[char.toUpperCase().charCodeAt(0)] = char.charCodeAt(0);
}

/** The value of each hexadecimal digit, 255 for what is none. */
export const HEX_VALUE = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  HEX_VALUE[digit.charCodeAt(0)] = value;
  HEX_VALUE[digit.toUpperCase().charCodeAt(0)] = value;
}

export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** What a field's value may hold: no control character but HTAB (RFC 9110 §5.5). */
export function isHeaderValue(text: string): boolean {
  return !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
