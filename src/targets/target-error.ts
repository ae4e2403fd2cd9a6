type TargetErrorKind =
  'build-failed' | 'exited-early' | 'never-ready' | 'port-taken' | 'cannot-start' | 'aborted';

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
