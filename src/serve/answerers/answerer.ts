/**
 * The server's side of one connection, as little of it as can be: answers whatever is asked with the
 * same octets.
 */
export interface Answerer {
  /** What the server says first. */
  readonly greeting: Buffer | null;
  /** What answers the octets that came. */
  answer(octets: Buffer): Buffer;
}
