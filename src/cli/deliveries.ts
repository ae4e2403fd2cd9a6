import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a command leaves beside what it prints. What cannot be written costs neither the rest nor the words. */
export class Deliveries {
  readonly #complaints = new Map<string, string>();
  /** Where results are kept whose folder takes them no more. */
  #refuge: string | null = null;

  /**
   * @param flag that asked for it
   * @returns what the writing gives, or null where it failed
   */
  attempt<T>(flag: string, place: string, write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      const what = `${flag}: ${place} could not be written`;
      this.#complaints.set(what, messageOf(error));
      return null;
    }
  }

  /**
   * Keeps a result in the folder of `-o`, or, should that fail, among the temporary files: what took
   * minutes to measure is not lost to a full disk.
   * @returns what the writing gives, or null where both failed
   */
  keep<T>(folder: string, write: (folder: string) => T): T | null {
    const refuge = this.#refuge;
    if (refuge !== null) return this.attempt('-o', refuge, () => write(refuge));
    try {
      return write(folder);
    } catch (error) {
      const kept = this.#keepInRefuge(write);
      const where = this.#refuge === null ? '' : `; the result is kept in ${this.#refuge}`;
      this.#complaints.set(`-o: ${folder} could not be written`, `${messageOf(error)}${where}`);
      return kept;
    }
  }

  /** Says, a line for each, what could not be written. */
  complain(): boolean {
    for (const [what, why] of this.#complaints) process.stderr.write(`${what}: ${why}\n`);
    const failed = this.#complaints.size > 0;
    this.#complaints.clear();
    return failed;
  }

  #keepInRefuge<T>(write: (folder: string) => T): T | null {
    let refuge: string | null = null;
    try {
      refuge = mkdtempSync(path.join(tmpdir(), 'c1m-result-'));
      const kept = write(refuge);
      this.#refuge = refuge;
      return kept;
    } catch {
      if (refuge !== null) rmSync(refuge, { recursive: true, force: true });
      return null;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
