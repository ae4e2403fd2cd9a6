/** Of the mean latency: by so much an answer may be told late. */
const share = 0.01;
const mostMicros = 50;
/** A shorter wait gathers nothing. */
const leastMicros = 4;
/** So many are worth a turn; who has as many at once does not wait. */
const mostAnswers = 16;
const betweenMicros = 10_000;

/**
 * How long a closed load may let answers gather before it looks at them, as a network card does that
 * spares its host interrupts. One answer at a time costs a sleep, a wake-up and a send each, on both
 * sides, and splits what would go out together. Where many requests are under way, an answer has
 * waited for thousands of microseconds in the server's queue, so that a hundredth of that is not seen;
 * where few are, the hundredth is nothing, and nothing is gathered.
 */
export class Gathering {
  readonly #recorder: { readonly responses: number };
  readonly #underWay: { readonly count: number };
  #lookAt = Infinity;
  #lookedAt = 0;
  #answered = 0;
  /** So long at the most, in whole microseconds; 0: each is looked at as it comes. */
  micros = 0;
  /** No longer than until so many are there. */
  answers = 1;

  constructor(recorder: { readonly responses: number }, underWay: { readonly count: number }) {
    this.#recorder = recorder;
    this.#underWay = underWay;
  }

  /** A phase's clock starts. @param closed its load is, and each of its answers is one event */
  begin(at: number, closed: boolean): void {
    this.micros = 0;
    this.#lookAt = closed ? at + betweenMicros : Infinity;
    this.#lookedAt = at;
    this.#answered = this.#recorder.responses;
  }

  end(): void {
    this.micros = 0;
    this.#lookAt = Infinity;
  }

  /** By Little's law the mean latency is what is under way over the rate of the answers. */
  look(now: number): void {
    if (now < this.#lookAt) return;
    const { responses } = this.#recorder;
    const { count } = this.#underWay;
    const answered = responses - this.#answered;
    const meanMicros = answered === 0 ? 0 : (count * (now - this.#lookedAt)) / answered;
    const micros = Math.min(mostMicros, Math.floor(share * meanMicros));
    this.micros = micros < leastMicros ? 0 : micros;
    this.answers = Math.max(1, Math.min(mostAnswers, count));
    this.#answered = responses;
    this.#lookedAt = now;
    this.#lookAt = now + betweenMicros;
  }
}
