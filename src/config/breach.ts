/** A rule that a value breaks; `key` is the member to point at. */
export interface Breach {
  readonly key: string | number;
  /** Within that, such as one of several headers. */
  readonly member?: string;
  readonly message: string;
  readonly remedy: string;
}
