import { failsTooOften, isCpuTheLimit } from '../figures/validity.js';
import { median } from '../stats/sample.js';
import { answersIn, failedOf, type Answers } from './answers.js';
import type { PairMeasurement } from './pair-measurement.js';
import { sides } from './slice-order.js';
import type { Slice } from './slice.js';

/** The side that is not loaded takes so much of the CPU that it is not idle. */
const bearableUnrest = 0.1;

/**
 * Why a pair does not count; null where it does. A slice is too short to be judged by itself, so a
 * side's slices are judged together, by the limits that every window is judged by.
 */
export function whyInvalid({ closed, open, unheld, ended }: PairMeasurement): string | null {
  const all = [...closed, ...open];
  if (ended !== null) return `a server ended (${ended})`;
  if (all.some(({ serverEnded }) => serverEnded)) return 'a server ended (a process of it is gone)';
  for (const side of sides) {
    if (unheld[side] > 0) {
      return `${side} did not hold ${unheld[side]} of the connections whose memory is measured`;
    }
    const own = all.filter((slice) => slice.side === side);
    // That head fails is a finding, where base does not.
    const failing = (side === 'base' ? whyFailing(answersIn(own, side)) : null) ?? whyUnopened(own);
    if (failing !== null) return `${side}: ${failing}`;
  }
  const generator = middle(closed, (slice) => slice.generatorUtilization);
  const server = middle(closed, (slice) => slice.serverUtilization);
  if (generator !== null && server !== null && isCpuTheLimit(generator, server)) {
    return 'c1m was the limit, and not the servers';
  }
  const unrest = middle(all, (slice) => slice.otherUtilization);
  if (unrest !== null && unrest > bearableUnrest) {
    return `the server that was not loaded used ${Math.round(unrest * 100)} % of a CPU`;
  }
  return null;
}

/** Whether so much of it fails that the other figures are of how fast it fails. */
export function failsAsAWhole(answers: Answers): boolean {
  return failsTooOften(failedOf(answers), answers.attempts);
}

function whyFailing(answers: Answers): string | null {
  if (!failsAsAWhole(answers)) return null;
  return `${failedOf(answers)} of ${answers.attempts} requests failed`;
}

/** Then it had another load than the other side. */
function whyUnopened(slices: readonly Slice[]): string | null {
  const unopened = Math.max(0, ...slices.map((slice) => slice.unopened));
  return unopened > 0 ? `${unopened} of its connections were not open` : null;
}

function middle(slices: readonly Slice[], of: (slice: Slice) => number | null): number | null {
  const values = slices.map(of);
  return values.some((value) => value === null) ? null : median(values as number[]);
}
