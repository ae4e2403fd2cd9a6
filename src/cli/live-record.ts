import type { Pulse } from '../experiment/pulse.js';
import type { PhaseNotice, TrialObserver } from '../experiment/trial.js';
import type { LiveSecond, LiveSnapshot, Stage } from '../report/live/snapshot.js';
import { stageRest } from '../report/live/words.js';
import type { CourseSource } from './live-course.js';

/** More are not shown. */
const mostSeconds = 120;

/** What there is to say while no clock runs. */
export type Waiting = Exclude<Stage, { kind: 'running' }>;
type Progress = Parameters<TrialObserver['progress']>[0];

/** What a measurement has told so far, as a snapshot whenever one is wanted. */
export class LiveRecord implements Required<TrialObserver> {
  readonly #course: CourseSource | null;
  readonly #now: () => number;
  #phase: PhaseNotice | null = null;
  #stage: Waiting | null;
  #runningSince = 0;
  #progress: Progress | null = null;
  #pulse: Pulse | null = null;
  #seconds: LiveSecond[] = [];

  /**
   * @param stage null where trials show nothing of themselves
   * @param now seconds since any moment
   */
  constructor(course: CourseSource | null, stage: Waiting | null, now: () => number) {
    this.#course = course;
    this.#stage = stage;
    this.#now = now;
  }

  /** Something begins that is not loaded yet. */
  starts(text: string): void {
    this.#phase = null;
    this.#progress = null;
    this.#forgetSeconds();
    this.#stage = { kind: 'starting', text };
  }

  starting(started: number, of: number): void {
    if (of > 1) this.starts(`starting the target: ${started} of ${of} processes`);
  }

  phase(phase: PhaseNotice, running: boolean): void {
    this.#phase = phase;
    this.#forgetSeconds();
    this.#runningSince = this.#now();
    this.#stage = running ? null : { kind: 'opening', label: labelOf(phase) };
  }

  progress(progress: Progress): void {
    this.#progress = progress;
  }

  pulse(pulse: Pulse): void {
    if (!pulse.whole) return;
    this.#pulse = pulse;
    const { responses, p50Us, p99Us } = pulse;
    this.#seconds.push({ requestsPerSecond: responses, p50Us, p99Us });
    if (this.#seconds.length > mostSeconds) this.#seconds.shift();
  }

  closing(connections: number): void {
    this.#stage = { kind: 'closing', connections };
  }

  snapshot(): LiveSnapshot {
    const now = this.#now();
    const stage = this.#stageAt(now);
    return {
      course: this.#course?.at(now, this.#trialRest(stage)) ?? null,
      stage,
      load: this.#progress,
      seconds: this.#seconds,
      generator: this.#pulse?.generator ?? null,
      server: this.#pulse?.server ?? null,
    };
  }

  #stageAt(now: number): Stage | null {
    if (this.#stage !== null || this.#phase === null) return this.#stage;
    const { seconds, requests, unit } = this.#phase;
    const elapsed = now - this.#runningSince;
    const elapsedSeconds = seconds === null ? elapsed : Math.min(elapsed, seconds);
    return {
      kind: 'running',
      label: labelOf(this.#phase),
      elapsedSeconds,
      seconds,
      requests,
      unit,
    };
  }

  #trialRest(stage: Stage | null): number | null {
    if (this.#phase === null) return null;
    const { seconds, secondsAfter } = this.#phase;
    const rest = stage?.kind === 'running' ? stageRest(stage, this.#progress) : seconds;
    return rest === null ? null : rest + secondsAfter;
  }

  #forgetSeconds(): void {
    this.#pulse = null;
    this.#seconds = [];
  }
}

function labelOf({ name, index, of }: PhaseNotice): string {
  return of > 1 ? `${name} (${index + 1} of ${of})` : name;
}
