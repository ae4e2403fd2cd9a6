import { ConfigError, type Problem } from '../basis/problem.js';
import type { Parsed } from '../basis/units.js';

/** Reads flags as they were typed, and gathers what is wrong with them, to be told all at once. */
export class FlagReader {
  readonly #problems: Problem[];

  constructor(problems: Problem[] = []) {
    this.#problems = problems;
  }

  /** null where the flag was not given, or cannot be read. */
  read<T>(
    flag: string,
    written: string | undefined,
    parse: (written: string) => Parsed<T>,
  ): T | null {
    return written === undefined ? null : this.accept(flag, parse(written));
  }

  accept<T>(flag: string, parsed: Parsed<T>): T | null {
    if (parsed.ok) return parsed.value;
    this.#problems.push({ where: flag, message: parsed.message, remedy: parsed.remedy });
    return null;
  }

  /** Throws a ConfigError if there was anything wrong. */
  end(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}
