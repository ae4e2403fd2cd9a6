/** It was interrupted, or the server died, before anything was measured. */
export class NothingMeasuredError extends Error {
  override readonly name = 'NothingMeasuredError';

  constructor(readonly serverDied: boolean) {
    super(`${serverDied ? 'The server ended' : 'Interrupted'} before anything was measured`);
  }
}
