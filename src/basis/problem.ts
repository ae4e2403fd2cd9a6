/** Something the user wrote that cannot be used, and what to write instead. */
export interface Problem {
  /** A flag such as `--rate`, or `file:line:column`. */
  readonly where: string;
  readonly message: string;
  readonly remedy: string;
}

/** Carries all problems at once, so that nobody has to fix them one run at a time. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.problems = problems;
  }
}

function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ where, message, remedy }) => `${where}: ${message}\n  ${remedy}`)
    .join('\n');
}
