/** A rule that a value breaks; `key` is the member to point at. */
export interface Breach {
  readonly key: string | number;
  /** Within that, such as one of several headers. */
  readonly member?: string;
  /** Which of the load's requests has that key; absent: the load itself, or what is looked at. */
  readonly request?: number;
  readonly message: string;
  readonly remedy: string;
}
