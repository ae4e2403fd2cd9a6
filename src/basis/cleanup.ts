type Undo = () => void | Promise<void>;

/** What was begun and has to be ended: the last first, and all of it, even if one of them fails. */
export class Cleanup {
  readonly #undos: Undo[] = [];

  /** To be called at once after something was begun, with what ends it. */
  add(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Throws the first error, once all is ended. */
  async end(): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Ends what the work began, whether it succeeds or not. What the work throws comes first. */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup();
  let result: T;
  try {
    result = await work(cleanup);
  } catch (error) {
    await cleanup.end().catch(() => undefined);
    throw error;
  }
  await cleanup.end();
  return result;
}
