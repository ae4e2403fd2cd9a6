import { setTimeout as sleep } from 'node:timers/promises';
import { nowMicros } from '../basis/clock.js';
import { nothingBesides, observe, whole } from '../experiment/observation.js';
import { CompilerThreads } from '../measure/compiler-threads.js';
import type { SideAffinity } from './side-affinity.js';
import { asObserved, runSlice, type OpenSides, type Slice } from './slice.js';
import { sides, type Side } from './slice-order.js';
import { hasStoppedFalling } from './steady.js';

/** What warms up, and how far that may go. */
interface WarmUpSetting {
  /** The phase that loads all sides at once. */
  readonly together: number;
  /** For each side that takes part, the phase that loads it alone. */
  readonly alone: Readonly<Partial<Record<Side, number>>>;
  /** CPUs for the time in which all are loaded at once. */
  readonly cpus: readonly number[];
  readonly mostSeconds: number;
}

/** How a warm-up ended. */
export interface WarmedUp {
  readonly seconds: number;
  /** Why a side was not warm when the time was up, for people; null if all were. */
  readonly doubt: string | null;
}

/** The cost of a request falls no more: medians of 750 ms of load and of the 750 ms before. */
const steadyTolerance = 0.04;
/** Of each side, where its cost falls on. */
const mostTurns = 15;
/** Of a CPU: compilers that want no more have done their work. */
const quiet = 0.05;
/** Slices in a row in which they have to be quiet. */
const quietSlices = 3;
/** While nothing is sent, compilers have the CPUs for themselves, at the most for so long. */
const longestLullMs = 1_500;
const lullStepMs = 50;
/** Of a CPU: while they want more, it is worth waiting for them. */
const busy = 0.3;

/** Warms servers up until there is evidence that they are, or the time is up. */
export class WarmUp {
  readonly #open: OpenSides;
  readonly #setting: WarmUpSetting;
  readonly #signal: AbortSignal;
  readonly #compilers = { base: new CompilerThreads(), head: new CompilerThreads() };
  readonly #began = performance.now();

  constructor(open: OpenSides, setting: WarmUpSetting, signal: AbortSignal) {
    this.#open = open;
    this.#setting = setting;
    this.#signal = signal;
  }

  /** @param affinity null where the servers' CPUs are not c1m's to change */
  async run(affinity: SideAffinity | null): Promise<WarmedUp> {
    const compiles = sides.some((side) => this.#wantedNs(side) !== null);
    if (compiles) {
      affinity?.widen(this.#setting.cpus);
      await this.#together().finally(() => affinity?.narrow());
    }
    const doubt = await this.#byTurns();
    return { seconds: this.#seconds, doubt };
  }

  /**
   * Loads all at once, and lets the compilers work off between the bursts what has queued up: under
   * full load they have a share of the CPU like any of the many threads that serve.
   */
  async #together(): Promise<void> {
    const shares: number[] = [];
    while (this.#timeIsLeft) {
      this.#signal.throwIfAborted();
      const compiling = await this.#burst();
      if (compiling === null) return;
      shares.push(compiling);
      if (isQuiet(shares)) return;
      await this.#lull();
    }
  }

  /** What compilers wanted meanwhile, of a CPU; null where a server has ended. */
  async #burst(): Promise<number | null> {
    const { observed, counters, suspension } = this.#open;
    const { together } = this.#setting;
    suspension?.resumeBoth();
    await observed.load.prepare(together);
    const loaded = sides.flatMap((side) => asObserved(counters[side]));
    const before = this.#allWantedNs();
    const began = nowMicros();
    const seen = await observe(observed, together, { loaded, beside: [] }, nothingBesides);
    if (seen === null) return null;
    whole(seen);
    return (this.#allWantedNs() - before) / 1000 / (nowMicros() - began);
  }

  async #lull(): Promise<void> {
    const until = performance.now() + longestLullMs;
    for (let share = 1; share > busy && performance.now() < until;) {
      const before = this.#allWantedNs();
      await sleep(lullStepMs, undefined, { signal: this.#signal });
      share = (this.#allWantedNs() - before) / 1e6 / lullStepMs;
    }
  }

  /** As they will be measured; why one of them was not warm, null if all were. */
  async #byTurns(): Promise<string | null> {
    const turns = sides.flatMap((side) => {
      const phase = this.#setting.alone[side];
      return phase === undefined ? [] : [new Turns(side, phase)];
    });
    for (let round = 1; ; round++) {
      // Which one begins is of no account: nothing of this is kept.
      for (const turn of turns) {
        this.#signal.throwIfAborted();
        const before = this.#wantedNs(turn.side) ?? 0;
        const began = nowMicros();
        const slice = await runSlice(this.#open, turn.phase, turn.side);
        if (slice === null) return null;
        const wantedNs = (this.#wantedNs(turn.side) ?? 0) - before;
        turn.add(slice, wantedNs / 1000 / (nowMicros() - began));
      }
      // On a noisy machine it may look as if it fell for ever: that alone is not waited for.
      const settled = round >= mostTurns || turns.every((turn) => turn.isSteady);
      const compiling = turns.map((turn) => turn.compiling).filter((words) => words !== null);
      if (settled && compiling.length === 0) return null;
      if (!this.#timeIsLeft && round >= quietSlices) {
        const doubts = [
          ...compiling,
          ...(settled ? [] : ['the cost of a request had not settled']),
        ];
        return `after ${this.#seconds.toFixed(0)} s of warm-up ${doubts.join(', and ')}`;
      }
    }
  }

  #wantedNs(side: Side): number | null {
    const counters = this.#open.counters[side];
    return counters === null ? null : this.#compilers[side].read(counters.pids);
  }

  #allWantedNs(): number {
    return sides.reduce((sum, side) => sum + (this.#wantedNs(side) ?? 0), 0);
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get #timeIsLeft(): boolean {
    return this.#seconds < this.#setting.mostSeconds;
  }
}

/** What the turns of one side have shown. */
class Turns {
  readonly #costs: number[] = [];
  readonly #compiling: number[] = [];

  constructor(
    readonly side: Side,
    readonly phase: number,
  ) {}

  add(slice: Slice, compiling: number): void {
    this.#costs.push(slice.cpuUsPerRequest ?? 1e6 / slice.requestsPerSecond);
    this.#compiling.push(compiling);
  }

  get isSteady(): boolean {
    return hasStoppedFalling(this.#costs, steadyTolerance);
  }

  /** How much, while its compilers are not quiet; null once they are. */
  get compiling(): string | null {
    if (isQuiet(this.#compiling)) return null;
    const share = Math.round(Math.max(...this.#compiling.slice(-quietSlices)) * 100);
    return `the compilers of ${this.side} still wanted ${share} % of a CPU`;
  }
}

function isQuiet(shares: readonly number[]): boolean {
  return shares.length >= quietSlices && shares.slice(-quietSlices).every((it) => it <= quiet);
}
