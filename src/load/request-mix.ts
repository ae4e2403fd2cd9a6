import type { RequestSpec } from './plan.js';
import { Random } from '../basis/random.js';

/** Chooses among a scenario's requests by weight; the choices repeat with the seed. */
export class RequestMix {
  /** Per request, where its share of the signed 32-bit integers ends. */
  readonly #upTo: Float64Array;
  readonly #random: Random;

  constructor(requests: readonly RequestSpec[], seed: number) {
    const total = requests.reduce((sum, { weight }) => sum + weight, 0);
    let upTo = 0;
    this.#upTo = Float64Array.from(requests, ({ weight }) => {
      upTo += weight;
      return (upTo / total - 0.5) * 2 ** 32;
    });
    this.#random = new Random(seed);
  }

  /** The index of the next request. */
  choose(): number {
    const last = this.#upTo.length - 1;
    if (last === 0) return 0;
    const point = this.#random.nextInt32();
    let index = 0;
    while (index < last && point >= this.#upTo[index]!) index++;
    return index;
  }
}
