import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceAddresses } from '../../../../src/load/transport/uring/source-addresses.js';
import type { AddressRange } from '../../../../src/basis/address-range.js';

/** Up to three ranges, in ascending order, that do not touch. */
const ranges = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((steps) => {
    let last = 0x7f07_0000;
    return steps.map(([gap, size]): AddressRange => {
      const first = last + gap + 1;
      last = first + size - 1;
      return { first, last };
    });
  });
const start = fc.integer({ min: 0, max: 2 ** 42 });

const addressesIn = (within: readonly AddressRange[]): number[] =>
  within.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );

/** What all shards take, each as many as the others. */
function taken(
  within: readonly AddressRange[],
  ports: number,
  count: number,
  begin: number,
  each: number,
): { address: number; port: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const sources = new SourceAddresses(within, ports, { index, count }, begin);
    return Array.from({ length: each }, () => {
      sources.advance();
      return { address: sources.address, port: sources.port };
    });
  }).flat();
}

const distinct = (pairs: readonly { address: number; port: number }[]): number =>
  new Set(pairs.map(({ address, port }) => `${address}:${port}`)).size;

describe('source addresses', () => {
  it('never repeat with the same port, lie within the ranges, and are used evenly', () => {
    const shards = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(ranges, shards, start, fc.nat(200), (within, count, begin, each) => {
        const pairs = taken(within, 22_768, count, begin, each);
        expect(distinct(pairs)).toBe(pairs.length);
        const uses = new Map(addressesIn(within).map((address) => [address, 0]));
        for (const { address, port } of pairs) {
          expect(port >= 10_000 && port < 10_000 + 22_768).toBe(true);
          uses.set(address, uses.get(address)! + 1);
        }
        expect(uses.size).toBe(addressesIn(within).length);
        expect(Math.max(...uses.values()) - Math.min(...uses.values())).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are each used with each port before any comes again', () => {
    const few = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(ranges, few, start, (within, ports, begin) => {
        const all = addressesIn(within).length * ports;
        expect(distinct(taken(within, ports, 1, begin, all))).toBe(all);
      }),
    );
  });

  it('do not meet a port twice in a row, which may be taken on all of them', () => {
    fc.assert(
      fc.property(ranges, start, (within, begin) => {
        const pairs = taken(within, 22_768, 1, begin, 200);
        const again = pairs.filter(({ port }, index) => port === pairs[index - 1]?.port);
        // Once at the most, where all pairs have been used and begin again.
        expect(again.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
