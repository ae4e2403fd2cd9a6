import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/**
 * What a worker thread must not be ended in. A native addon that finds its thread ended while it
 * makes JavaScript values throws into nothing, and Node then aborts the whole process.
 */

const key = 'c1m critical section';
// Places in the words that all threads of this process share.
/** How many threads are inside. */
const inside = 0;
/** 1: none may enter. */
const closed = 1;

/** A section is over in milliseconds; a thread that is stuck in one is not waited for. */
const patienceMillis = 2_000;
const lookMillis = 50;

const given = getEnvironmentData(key);
const isShared = given instanceof Int32Array;
const words = isShared ? given : new Int32Array(new SharedArrayBuffer(8));
if (!isShared) {
  setEnvironmentData(key, words);
  // Before Node ends the workers. This thread itself is in no section that it has to wait for.
  process.on('exit', close);
}

/** Does the work while this thread cannot be ended, if it is a worker; else just does it. */
export function uninterrupted<T>(work: () => T): T {
  if (!isShared) return work();
  enter();
  try {
    return work();
  } finally {
    leave();
  }
}

/** The same for work that goes on after a wait. */
export async function uninterruptedly<T>(work: () => Promise<T>): Promise<T> {
  if (!isShared) return work();
  enter();
  try {
    return await work();
  } finally {
    leave();
  }
}

/** Calls what ends a worker thread at a moment at which none is in a section. */
export function betweenSections(end: () => void): void {
  close();
  end();
  Atomics.store(words, closed, 0);
  Atomics.notify(words, closed);
}

function enter(): void {
  for (;;) {
    Atomics.add(words, inside, 1);
    if (Atomics.load(words, closed) === 0) return;
    leave();
    Atomics.wait(words, closed, 1);
  }
}

function leave(): void {
  if (Atomics.sub(words, inside, 1) === 1) Atomics.notify(words, inside);
}

function close(): void {
  Atomics.store(words, closed, 1);
  const deadline = performance.now() + patienceMillis;
  for (let left; (left = Atomics.load(words, inside)) > 0 && performance.now() < deadline;) {
    Atomics.wait(words, inside, left, lookMillis);
  }
}
