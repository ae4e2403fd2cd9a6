import type { Course } from '../report/live/snapshot.js';

/** How far a whole command is, of which a trial is a part. Times are seconds since any moment. */
export interface CourseSource {
  /** @param trialRest seconds that the running trial still takes, null while that is not known */
  at(now: number, trialRest: number | null): Course | null;
}

/** Trials one after the other: those to come take as long as those before did. */
export class TurnsCourse implements CourseSource {
  #label = '';
  #index = 0;
  #of = 0;
  #firstAt = 0;
  #startedAt = 0;

  /** @param index of the turn that begins, from 0 */
  turn(index: number, of: number, label: string, now: number): void {
    if (index === 0) this.#firstAt = now;
    this.#index = index;
    this.#of = of;
    this.#label = label;
    this.#startedAt = now;
  }

  at(now: number, trialRest: number | null): Course | null {
    if (this.#of === 0) return null;
    const elapsed = now - this.#startedAt;
    const before = this.#startedAt - this.#firstAt;
    const whole =
      this.#index > 0 ? before / this.#index : trialRest === null ? null : elapsed + trialRest;
    if (whole === null || whole === 0) {
      return this.#course(this.#index / this.#of, null);
    }
    const rest = Math.max(whole - elapsed, trialRest ?? 0);
    const share = (this.#index + elapsed / (elapsed + rest)) / this.#of;
    return this.#course(share, rest + whole * (this.#of - this.#index - 1));
  }

  #course(share: number, remainingSeconds: number | null): Course {
    return { label: this.#label, share, remainingSeconds, atMost: false };
  }
}

/** Something that goes on until it has decided, at the longest until its budget is spent. */
export class BudgetCourse implements CourseSource {
  label = '';
  /** Its budget; it may turn out to be another. */
  seconds: number;
  readonly #startedAt: number;

  constructor(startedAt: number, seconds: number) {
    this.#startedAt = startedAt;
    this.seconds = seconds;
  }

  at(now: number): Course {
    const elapsed = now - this.#startedAt;
    return {
      label: this.label,
      share: Math.min(1, elapsed / this.seconds),
      remainingSeconds: Math.max(0, this.seconds - elapsed),
      atMost: true,
    };
  }
}
