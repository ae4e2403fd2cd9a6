import type { CompareObserver } from '../experiment/compare-observer.js';
import { TurnsCourse } from './live-course.js';
import { LiveProgress, nowSeconds, type LiveFlags } from './live-progress.js';

/** How the trials of several targets go, on standard error. */
interface CompareProgress {
  readonly observer: Omit<CompareObserver, 'measured'>;
  /** In any case. */
  close(): void;
}

export function compareProgress(flags: LiveFlags): CompareProgress {
  const course = new TurnsCourse();
  const live = new LiveProgress(flags, course);
  /** What comes next; without a view a line of its own. */
  const next = (text: string): void => {
    live.starts(text);
    if (!live.isView) live.say(text);
  };
  return {
    observer: {
      starting: (started, of) => live.starting(started, of),
      closing: (connections) => live.closing(connections),
      phase: (phase, running) => live.phase(phase, running),
      progress: (progress) => live.progress(progress),
      pulse: (pulse) => live.pulse(pulse),
      building: (target) => next(`building ${target}`),
      turn: (index, of, target) =>
        course.turn(index, of, `${target} (${index + 1} of ${of})`, nowSeconds()),
      trial: (target, index, of) => next(`trial ${index + 1} of ${of}: ${target}`),
      watching: (target) => next(`scheduling: ${target}`),
      skipped: ({ name, reason, remedy }) =>
        live.say(`${name} is left out: ${reason}\n  ${remedy}`),
      failed: (_, { name, reason, remedy }) => live.say(`${name} failed: ${reason}\n  ${remedy}`),
    },
    close: () => live.close(),
  };
}
