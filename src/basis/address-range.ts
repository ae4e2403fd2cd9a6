/** IPv4 addresses as numbers (127.0.0.1 is 0x7f000001), both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** IPv4 addresses as numbers, and ranges of them. */

/** 127.0.0.1 is 0x7f000001. */
export function inetNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

export function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** As it is written in `--local-ips`. */
export function rangeText({ first, last }: AddressRange): string {
  return first === last ? dotted(first) : `${dotted(first)}-${dotted(last)}`;
}

export function countAddresses(ranges: readonly AddressRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The address at a place, counted from 0 through all ranges in their order. */
export function addressAt(ranges: readonly AddressRange[], place: number): number {
  let index = place;
  for (const { first, last } of ranges) {
    if (index <= last - first) return first + index;
    index -= last - first + 1;
  }
  throw new RangeError(`There is no address at ${place}`);
}
