import type { ConnectErrorKind, RequestErrorKind } from './errors.js';

/** Why TLS failed, in the words of OpenSSL. */
export interface TlsFailureReason {
  readonly kind: ConnectErrorKind | RequestErrorKind;
  readonly reason: string;
}

/** A server that makes up ever new reasons is cut short. */
const mostReasons = 20;

/** The reasons for which TLS failed, each once. */
export class TlsFailures {
  all: readonly TlsFailureReason[] = [];

  note(kind: TlsFailureReason['kind'], reason: string): void {
    this.all = distinctReasons([...this.all, { kind, reason }]);
  }
}

export function distinctReasons(all: readonly TlsFailureReason[]): TlsFailureReason[] {
  return all
    .filter(
      ({ kind, reason }, index) =>
        all.findIndex((other) => other.kind === kind && other.reason === reason) === index,
    )
    .slice(0, mostReasons);
}
