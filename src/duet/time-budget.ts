import { fewestPairs, pairsPerSetFor } from '../gate/plan.js';

/** What can be decided in the time that there is, as the first pair shows. */
export interface Forecast {
  readonly secondsPerPair: number;
  readonly budgetSeconds: number;
  /** How many whole pairs there is time for, the first among them. */
  readonly pairs: number;
  /** With fewer nothing is decided. */
  readonly fewest: number;
  /** The most that a set is judged by. */
  readonly pairsPerSet: number;
}

/** Without a budget that was asked for. */
export const usualSeconds = 180;
/** So that servers that are slow to start and warm up have pairs. */
const mostUsualSeconds = 480;
const usualPairs = 10;

/** How long a gate may measure. It is kept whatever a start or a request takes. */
export class TimeBudget {
  /** Aborted when the time is up. */
  readonly deadline: AbortSignal;
  readonly #asked: number | null;
  readonly #began = performance.now();
  #seconds: number;

  /** @param asked null: three minutes, and up to eight where ten pairs take longer */
  constructor(asked: number | null) {
    this.#asked = asked;
    this.#seconds = asked ?? usualSeconds;
    this.deadline = AbortSignal.timeout((asked ?? mostUsualSeconds) * 1000);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  hasRoomFor(seconds: number): boolean {
    return !this.deadline.aborted && this.elapsedSeconds + seconds <= this.#seconds;
  }

  /** How long each further pair may be, so that there is time for as many as are usual. */
  get secondsPerPair(): number {
    const left = (this.#asked ?? usualSeconds) - this.elapsedSeconds;
    return Math.max(0, left / (usualPairs - 1));
  }

  /** After the first pair, when it is known what one takes. */
  forecast(secondsPerPair: number): Forecast {
    const elapsed = this.elapsedSeconds;
    if (this.#asked === null) {
      const wanted = elapsed + (usualPairs - 1) * secondsPerPair;
      this.#seconds = Math.min(mostUsualSeconds, Math.max(usualSeconds, Math.ceil(wanted)));
    }
    const rest = Math.max(0, this.#seconds - elapsed);
    const pairs = 1 + Math.floor(rest / secondsPerPair);
    const pairsPerSet = pairsPerSetFor(pairs);
    return {
      ...{ secondsPerPair, pairs, pairsPerSet },
      budgetSeconds: this.#seconds,
      fewest: fewestPairs(pairsPerSet),
    };
  }
}
