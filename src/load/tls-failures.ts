import { isTlsError, type ConnectErrorKind, type RequestErrorKind } from './errors.js';

/** Why TLS failed, in the words of OpenSSL. */
export interface TlsFailureReason {
  readonly kind: ConnectErrorKind | RequestErrorKind;
  readonly reason: string;
}

/** An error as Node's sockets have it. */
export type SocketError = Pick<NodeJS.ErrnoException, 'code'> & {
  readonly message?: string;
  readonly reason?: string;
};

/** In OpenSSL's words; null: it is no matter of TLS. */
function tlsReasonOf({ code = '', message, reason }: SocketError): string | null {
  // Node's own words hold what stands in the certificate.
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'hostname mismatch';
  if (reason !== undefined) return reason;
  return isTlsError(code) ? (message ?? null) : null;
}

/** A server that makes up ever new reasons is cut short. */
const mostReasons = 20;

/** The reasons for which TLS failed, each once. */
export class TlsFailures {
  all: readonly TlsFailureReason[] = [];

  /** Where the error is one of TLS. */
  noteOf(kind: TlsFailureReason['kind'], error: SocketError): void {
    const reason = tlsReasonOf(error);
    if (reason !== null) this.note(kind, reason);
  }

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
