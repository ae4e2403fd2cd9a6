import type { RequestSpec } from './plan.js';
import { Random } from '../basis/random.js';

/** Chooses among a scenario's requests by weight; the choices repeat with the seed. */
export class RequestMix {
  readonly #upTo: Float64Array;
  readonly #total: number;
  readonly #random: Random;

  constructor(requests: readonly RequestSpec[], seed: number) {
    this.#upTo = new Float64Array(requests.length);
    let total = 0;
    requests.forEach((request, index) => {
      total += request.weight;
      this.#upTo[index] = total;
    });
    this.#total = total;
    this.#random = new Random(seed);
  }

  /** The index of the next request. */
  choose(): number {
    if (this.#upTo.length === 1) return 0;
    const point = this.#random.next() * this.#total;
    let index = 0;
    while (point >= this.#upTo[index]!) index++;
    return index;
  }
}
