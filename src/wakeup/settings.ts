import type { MemoryLimit } from '../basis/memory-limit.js';

/** How much is measured. */
export interface WakeupSettings {
  /** Fresh processes of each program. */
  readonly trials: number;
  /** Batches that count, of each kind of operation in a trial. */
  readonly batches: number;
  /** Of ping-pong and spawn-join, whose number of operations is chosen for it. */
  readonly batchMillis: number;
  readonly wakeTasks: number;
  readonly timerAskedMicros: number;
  readonly timersPerBatch: number;
  /** Each in a fresh process, from the lowest up. */
  readonly parkedTasks: readonly number[];
  /** Of this host; beyond it, no more tasks are parked. */
  readonly memoryLimit: MemoryLimit;
}

/** About a minute for the five reference programs. */
export const defaultSettings: WakeupSettings = {
  trials: 3,
  batches: 5,
  batchMillis: 50,
  wakeTasks: 10_000,
  timerAskedMicros: 1_000,
  timersPerBatch: 40,
  parkedTasks: [10_000, 100_000, 1_000_000],
  memoryLimit: { kind: 'share', share: 0.8 },
};
