type TargetErrorKind =
  | 'build-failed'
  | 'exited-early'
  | 'never-ready'
  | 'port-taken'
  | 'cannot-start'
  | 'wrong-answer'
  | 'aborted';

/** A target that cannot be built or started: its user's business, so it carries what to do about it. */
export class TargetError extends Error {
  override readonly name = 'TargetError';

  constructor(
    readonly kind: TargetErrorKind,
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function remedyOf(error: unknown, otherwise: string): string {
  return (error instanceof TargetError ? error.remedy : undefined) ?? otherwise;
}
