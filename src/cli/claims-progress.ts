import { secondsOfAll, type ClaimsObserver, type ClaimsRequest } from '../claims/claims.js';
import type { Course } from '../report/live/snapshot.js';
import type { CourseSource } from './live-course.js';
import { LiveProgress, nowSeconds, type LiveFlags } from './live-progress.js';

/** How the claims go, on standard error. */
interface ClaimsProgress {
  readonly observer: Omit<ClaimsObserver, 'measured'>;
  /** A line that stays. */
  say(text: string): void;
  /** In any case. */
  close(): void;
}

export function claimsProgress(flags: LiveFlags, request: ClaimsRequest): ClaimsProgress {
  const course = new ClaimsCourse(secondsOfAll(request), nowSeconds());
  const live = new LiveProgress(flags, course);
  return {
    observer: {
      starting: (started, of) => live.starting(started, of),
      closing: (connections) => live.closing(connections),
      // Without a view, the phases of each process would be lines by the hundred.
      phase: (phase, running) => live.isView && live.phase(phase, running),
      progress: (progress) => live.isView && live.progress(progress),
      pulse: (pulse) => live.isView && live.pulse(pulse),
      building: (target) => {
        live.starts(`building ${target}`);
        if (!live.isView) live.say(`building ${target}`);
      },
      claim: ({ name }, index, of) => {
        const left = course.at(nowSeconds()).remainingSeconds;
        const rest = left === null ? '' : `, about ${Math.ceil(left)} s left`;
        course.label = `${name} (${index + 1} of ${of})`;
        if (!live.isView) live.say(`${name} (${index + 1} of ${of})${rest}`);
      },
      turn: (_, arm, process, of) => live.starts(`${arm}, process ${process + 1} of ${of}`),
      turned: (seconds) => course.turned(seconds, nowSeconds()),
      failed: (claim, arm, reason, remedy) =>
        live.say(`${claim}: ${arm} failed: ${reason}\n  ${remedy}`),
    },
    say: (text) => live.say(text),
    close: () => live.close(),
  };
}

/** Parts that were expected to take unequal times: the rest takes as much longer as those before did. */
class ClaimsCourse implements CourseSource {
  label = '';
  readonly #expected: number;
  readonly #startedAt: number;
  #done = 0;
  #doneAt: number;

  /** @param expected of all parts, in seconds */
  constructor(expected: number, startedAt: number) {
    this.#expected = expected;
    this.#startedAt = startedAt;
    this.#doneAt = startedAt;
  }

  turned(expected: number, now: number): void {
    this.#done += expected;
    this.#doneAt = now;
  }

  at(now: number): Course {
    const slowness = this.#done === 0 ? 1 : (this.#doneAt - this.#startedAt) / this.#done;
    const rest = (this.#expected - this.#done) * slowness - (now - this.#doneAt);
    return {
      label: this.label,
      share: this.#expected === 0 ? 1 : Math.min(1, this.#done / this.#expected),
      remainingSeconds: Math.max(0, rest),
      atMost: false,
    };
  }
}
