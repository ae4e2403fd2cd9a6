import { spawnSync } from 'node:child_process';
import { ToldPerf } from './told-perf.js';

/** Whether this host counts an event, as perf names it, for processes of this user. */
export function countsEvent(event: string): boolean {
  const { status, stderr } = spawnSync('perf', ['stat', '-x,', '-e', event, 'true'], {
    encoding: 'utf8',
  });
  return status === 0 && countIn(stderr, event) !== null;
}

/** Counts one event (perf_event_open(2)) in all threads of processes that run, while it is told to. */
export class EventCounter {
  readonly #perf: ToldPerf;
  readonly #event: string;

  private constructor(perf: ToldPerf, event: string) {
    this.#perf = perf;
    this.#event = event;
  }

  /** It does not count yet. null where perf cannot attach to the processes. */
  static async start(event: string, pids: readonly number[]): Promise<EventCounter | null> {
    const words = ['stat', '-x,', '-e', event, '-p', pids.join(',')];
    const perf = await ToldPerf.start(words);
    if ((await perf.tell('disable')) === null) return new EventCounter(perf, event);
    await perf.end();
    return null;
  }

  async begin(): Promise<void> {
    await this.#perf.tell('enable');
  }

  /** How often it happened since the beginning; null if that is not known. perf ends with it. */
  async end(): Promise<number | null> {
    await this.#perf.tell('disable');
    // At SIGINT, perf prints what it counted; at SIGTERM it does not.
    process.kill(this.#perf.pid, 'SIGINT');
    await this.#perf.exited;
    return countIn(this.#perf.said, this.#event);
  }

  async close(): Promise<void> {
    await this.#perf.end();
  }
}

/** A line of `perf stat -x,` is `count,unit,event,…`; the count is in words where there is none. */
function countIn(output: string, event: string): number | null {
  const fields = output
    .split('\n')
    .map((line) => line.split(','))
    .find(([, , name]) => name === event);
  const count = Number(fields?.[0]);
  return fields === undefined || Number.isNaN(count) ? null : count;
}
