import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceOrder } from '../../src/duet/slice-order.js';

describe('the order of slices', () => {
  it('gives each block two of each side, with a side’s own around or within the other’s', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8 }),
        (lots) => {
          let drawn = 0;
          const order = sliceOrder(lots.length, () => lots[drawn++]!);
          expect(order).toHaveLength(4 * lots.length);
          for (let at = 0; at < order.length; at += 4) {
            const [first, second, third, fourth] = order.slice(at, at + 4);
            expect(first).toBe(fourth);
            expect(second).toBe(third);
            expect(first).not.toBe(second);
          }
        },
      ),
    );
  });

  it('is begun by either side, by lot', () => {
    expect(sliceOrder(2, () => 0.2)[0]).toBe('base');
    expect(sliceOrder(2, () => 0.8)[0]).toBe('head');
  });
});
