import type { Cleanup } from '../basis/cleanup.js';
import { EventCounter } from '../perf/event-counter.js';
import { answersIn } from './answers.js';
import type { Counters } from './side-counters.js';
import type { Slice } from './slice.js';
import { sides, type Side } from './slice-order.js';

/** Those of user mode, which need no privileges, and are the same for the same work. */
export const countedInstructions = 'instructions:u';

/** What perf counts of each side's threads, over slices in which they take turns. */
export class SideEvents {
  readonly #counters: Readonly<Record<Side, EventCounter | null>>;

  private constructor(counters: Readonly<Record<Side, EventCounter | null>>) {
    this.#counters = counters;
  }

  /**
   * @param event as perf names it; null: nothing is counted
   * @param cleanup takes what ends the counting
   */
  static async start(
    event: string | null,
    counters: Counters,
    cleanup: Cleanup,
  ): Promise<SideEvents> {
    const of = async (side: Side): Promise<EventCounter | null> => {
      const known = counters[side];
      if (event === null || known === null) return null;
      const counter = await EventCounter.start(event, known.pids);
      cleanup.add(() => counter?.close());
      return counter;
    };
    const made = { base: await of('base'), head: await of('head') };
    for (const side of sides) await made[side]?.begin();
    return new SideEvents(made);
  }

  /** Per answered request of the slices meanwhile; null where it is not known. */
  async perRequest(slices: readonly Slice[]): Promise<Record<Side, number | null>> {
    const of = async (side: Side): Promise<number | null> => {
      const count = (await this.#counters[side]?.end()) ?? null;
      const { responses } = answersIn(slices, side);
      return count === null || responses === 0 ? null : count / responses;
    };
    return { base: await of('base'), head: await of('head') };
  }
}
