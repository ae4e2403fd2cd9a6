/** A request that cannot be put into bytes, with what to change. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}
