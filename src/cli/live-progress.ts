import type { PhaseNotice, TrialObserver } from '../experiment/trial.js';
import type { Pulse } from '../experiment/pulse.js';
import { liveLine } from '../report/live/line.js';
import { liveView } from '../report/live/view.js';
import { errorColor } from './color.js';
import { LiveArea } from './live-area.js';
import type { CourseSource } from './live-course.js';
import { LiveLog } from './live-log.js';
import { LiveRecord, type Waiting } from './live-record.js';

export interface LiveFlags {
  /** False with --no-live. */
  readonly live?: boolean;
}

/** Fewer connections are closed at once. */
const many = 50_000;

/** Seconds of the clock that courses and records count by. */
export const nowSeconds = (): number => performance.now() / 1000;

/**
 * Shows on standard error how a measurement goes: as a view that is redrawn in place on a terminal, in
 * lines now and then elsewhere. To be closed in any case.
 */
export class LiveProgress implements Required<TrialObserver> {
  readonly #record: LiveRecord;
  readonly #area: LiveArea | null;
  readonly #log: LiveLog | null;
  #phaseRuns = false;

  /** @param stage what is done first; null where trials show nothing of themselves, nor in a log */
  constructor(
    flags: LiveFlags,
    course: CourseSource | null = null,
    stage: Waiting | null = { kind: 'starting', text: 'starting' },
  ) {
    const record = new LiveRecord(course, stage, nowSeconds);
    this.#record = record;
    const isView = flags.live !== false && process.stderr.isTTY && !wantsLines(process.env);
    this.#area = isView
      ? new LiveArea(process.stderr, (size) => liveView(record.snapshot(), size, errorColor))
      : null;
    this.#log =
      isView || stage === null
        ? null
        : new LiveLog(process.stderr, () => liveLine(record.snapshot()));
  }

  /** Where there is no view, what it would tell is worth lines of its own. */
  get isView(): boolean {
    return this.#area !== null;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#area?.erase();
    process.stderr.write(`${text}\n`);
  }

  starts(text: string): void {
    this.#record.starts(text);
  }

  starting(started: number, of: number): void {
    this.#record.starting(started, of);
  }

  phase(phase: PhaseNotice, running: boolean): void {
    if (!running) this.#phaseOver();
    this.#phaseRuns = running;
    this.#record.phase(phase, running);
  }

  progress(progress: Parameters<TrialObserver['progress']>[0]): void {
    this.#record.progress(progress);
  }

  pulse(pulse: Pulse): void {
    this.#record.pulse(pulse);
  }

  closing(connections: number): void {
    this.#phaseOver();
    if (connections >= many) this.#record.closing(connections);
  }

  close(): void {
    this.#area?.close();
    this.#log?.close();
  }

  /** The last that is seen of a phase is all of it. */
  #phaseOver(): void {
    if (!this.#phaseRuns) return;
    this.#phaseRuns = false;
    this.#area?.draw();
    this.#log?.phaseOver();
  }
}

/** https://docs.github.com/actions: CI services set CI, whose logs keep every byte that is written. */
function wantsLines(env: NodeJS.ProcessEnv): boolean {
  const isSet = (name: string): boolean => !['', '0', 'false', undefined].includes(env[name]);
  return isSet('CI') || isSet('C1M_NO_LIVE') || env['TERM'] === 'dumb';
}
