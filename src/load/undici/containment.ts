import { AsyncLocalStorage } from 'node:async_hooks';

/** What a library works for, and what ends when it throws. */
interface Contained {
  /** The library threw, wherever that was: here, or in a callback of a socket or a timer. */
  broke(error: Error): void;
}

const working = new AsyncLocalStorage<Contained | undefined>();

/**
 * Lets a library work for `contained`. What it throws, at once or in whatever it has set going, is
 * the fault of this one alone and is told to it, and the thread goes on.
 */
export function contain(contained: Contained, work: () => void): void {
  try {
    working.run(contained, work);
  } catch (error) {
    own(() => contained.broke(asError(error)));
  }
}

/**
 * Does work of c1m's own that the library has led to. What that throws is a fault of c1m's: it ends
 * the thread, even where the library would have caught it.
 */
export function own(work: () => void): void {
  // Not `exit`, which turns Node's hooks off and on again: milliseconds for each request.
  working.run(undefined, () => {
    try {
      work();
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  });
}

process.on('uncaughtException', (error) => {
  const contained = working.getStore();
  if (contained === undefined) throw error;
  own(() => contained.broke(asError(error)));
});

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
