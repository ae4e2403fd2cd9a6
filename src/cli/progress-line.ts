import type { TrialObserver } from '../experiment/trial.js';
import { formatCount } from '../report/units.js';

const linesEverySeconds = 2;
/** Fewer connections are closed at once. */
const many = 50_000;

/**
 * Shows how far a run is, on standard error: one line redrawn in place on a terminal, a line every
 * two seconds elsewhere.
 */
export class ProgressLine implements TrialObserver {
  readonly #stream: NodeJS.WriteStream;
  #name = '';
  #running = false;
  #seconds: number | null = null;
  #startedAt = 0;
  #lastLineAt = Date.now();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  starting(started: number, of: number): void {
    if (of > 1) this.#show(`starting the target: ${started} of ${of} processes`);
  }

  closing(connections: number): void {
    if (connections >= many) this.#show(`closing ${formatCount(connections)} connections`);
  }

  phase(name: string, running: boolean, seconds: number | null): void {
    this.#name = name;
    this.#running = running;
    this.#seconds = seconds;
    this.#startedAt = Date.now();
  }

  progress({
    established,
    wanted,
    responses,
    failures,
  }: Parameters<TrialObserver['progress']>[0]): void {
    const elapsed = (Date.now() - this.#startedAt) / 1000;
    const clock =
      this.#seconds === null
        ? `${elapsed.toFixed(0)} s`
        : `${Math.min(elapsed, this.#seconds).toFixed(0)}/${this.#seconds.toFixed(0)} s`;
    const failed = failures > 0 ? `, ${formatCount(failures)} failed` : '';
    this.#show(
      this.#running
        ? `${this.#name}  ${clock}  ${formatCount(responses)} responses${failed}, ${formatCount(established)}/${formatCount(wanted)} connections`
        : `${this.#name}  opening ${formatCount(established)}/${formatCount(wanted)} connections`,
    );
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K');
  }

  #show(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[K${text.slice(0, this.#stream.columns - 1)}`);
      return;
    }
    const now = Date.now();
    if (now - this.#lastLineAt < linesEverySeconds * 1000) return;
    this.#lastLineAt = now;
    this.#stream.write(`${text}\n`);
  }
}
