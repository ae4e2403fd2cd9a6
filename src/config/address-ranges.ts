import net from 'node:net';
import { inetNumber } from '../basis/address-range.js';
import type { AddressRange } from '../basis/address-range.js';
import type { Parsed } from '../basis/units.js';

/** `10.0.0.1`, `10.0.0.1-10.0.0.20`, or a list of both: IPv4. */
export function parseAddressRanges(written: string): Parsed<readonly AddressRange[]> {
  const ranges: AddressRange[] = [];
  for (const part of written.split(',')) {
    const [first = '', last = first, ...more] = part.trim().split('-');
    if (more.length > 0 || !net.isIPv4(first) || !net.isIPv4(last)) return wrong(part);
    const range = { first: inetNumber(first), last: inetNumber(last) };
    if (range.last < range.first) return wrong(part);
    ranges.push(range);
  }
  return { ok: true, value: disjoint(ranges) };
}

/** No address twice: it would have twice its share of the connections, and run out of ports. */
function disjoint(ranges: AddressRange[]): AddressRange[] {
  const [first, ...others] = ranges.sort((a, b) => a.first - b.first);
  if (first === undefined) return [];
  const merged = [first];
  for (const range of others) {
    const before = merged.at(-1)!;
    if (range.first > before.last) merged.push(range);
    else merged[merged.length - 1] = { ...before, last: Math.max(before.last, range.last) };
  }
  return merged;
}

function wrong(part: string): Parsed<never> {
  return {
    ok: false,
    message: `"${part.trim()}" is neither an IPv4 address nor a range of them`,
    remedy: 'Write addresses of this host such as 10.0.0.1,10.0.0.5 or 10.0.0.1-10.0.0.20.',
  };
}
