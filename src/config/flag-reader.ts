import { ConfigError, type Problem } from '../basis/problem.js';
import type { Parsed } from '../basis/units.js';

/** Reads flags as they were typed, and gathers what is wrong with them, to be told all at once. */
export class FlagReader {
  readonly #problems: Problem[];

  constructor(problems: Problem[] = []) {
    this.#problems = problems;
  }

  /** null where the flag was not given, or cannot be read. */
  read<Raw, T>(
    flag: string,
    written: Raw | undefined,
    parse: (written: Raw) => Parsed<T>,
  ): T | null {
    return written === undefined ? null : this.accept(flag, parse(written));
  }

  accept<T>(flag: string, parsed: Parsed<T>): T | null {
    if (parsed.ok) return parsed.value;
    this.#problems.push({ where: flag, message: parsed.message, remedy: parsed.remedy });
    return null;
  }

  /** null where it rejects with a ConfigError, whose problems are told with the others. */
  async wait<T>(reading: Promise<T>): Promise<T | null> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#problems.push(...error.problems);
      return null;
    }
  }

  /** Throws a ConfigError if there was anything wrong. */
  end(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}
