import { nowMicros } from '../../basis/clock.js';
import { finished, type Tick } from '../engine.js';

const longestSleepMicros = 20_000;
/** Node's timers count whole milliseconds and may fire one late: what is nearer is polled for. */
const timerErrorMicros = 2_000;

/**
 * Drives an engine that lives on Node's event loop. With `spin`, the last two milliseconds before a
 * due time are spent polling (setImmediate lets the loop look for I/O in between), so a request
 * leaves within microseconds of its intended start; without it, within about a millisecond.
 */
export function driveEventLoop(tick: Tick, spin: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        const next = tick(nowMicros());
        if (next === finished) {
          resolve();
          return;
        }
        const wait = Math.min(next - nowMicros(), longestSleepMicros);
        if (wait > timerErrorMicros) setTimeout(turn, Math.floor(wait / 1000) - 1);
        else if (spin || wait <= 0) setImmediate(turn);
        else setTimeout(turn, 1);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    turn();
  });
}
