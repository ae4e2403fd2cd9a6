export type Side = 'base' | 'head';
export const sides = ['base', 'head'] as const;

export function otherSide(side: Side): Side {
  return side === 'base' ? 'head' : 'base';
}

/** @param random from 0 to 1 */
export function sideByLot(random: () => number): Side {
  return random() < 0.5 ? 'base' : 'head';
}

/**
 * Blocks of four slices, ABBA or BAAB by lot, so that what drifts evenly over a block falls on both
 * sides alike (Fisher, The Design of Experiments, 1935: balance and randomisation).
 * @param random from 0 to 1
 */
export function sliceOrder(blocks: number, random: () => number): Side[] {
  return Array.from({ length: blocks }, () => {
    const first = sideByLot(random);
    const second = otherSide(first);
    return [first, second, second, first];
  }).flat();
}
