/** What a command leaves beside what it prints. What cannot be written costs neither the rest nor the words. */
export class Deliveries {
  readonly #complaints = new Map<string, string>();

  /**
   * @param flag that asked for it
   * @returns what the writing gives, or null where it failed
   */
  attempt<T>(flag: string, place: string, write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      const what = `${flag}: ${place} could not be written`;
      this.#complaints.set(what, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** Says, a line for each, what could not be written. */
  complain(): boolean {
    for (const [what, why] of this.#complaints) process.stderr.write(`${what}: ${why}\n`);
    const failed = this.#complaints.size > 0;
    this.#complaints.clear();
    return failed;
  }
}
