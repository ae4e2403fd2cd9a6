import { isTlsError, type ConnectErrorKind, type RequestErrorKind } from './errors.js';

/** Why something failed, in the words of OpenSSL, or of the server. */
export interface FailureReason {
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

/** The reasons for which connections and requests failed, each once. */
export class FailureReasons {
  all: readonly FailureReason[] = [];

  /** Where the error is one of TLS. */
  noteOf(kind: FailureReason['kind'], error: SocketError): void {
    const reason = tlsReasonOf(error);
    if (reason !== null) this.note(kind, reason);
  }

  note(kind: FailureReason['kind'], reason: string): void {
    if (this.all.length === mostReasons) return;
    if (!this.all.some((other) => isSame(other, { kind, reason }))) {
      this.all = [...this.all, { kind, reason }];
    }
  }
}

export function distinctReasons(all: readonly FailureReason[]): FailureReason[] {
  return all
    .filter((one, index) => all.findIndex((other) => isSame(one, other)) === index)
    .slice(0, mostReasons);
}

function isSame(a: FailureReason, b: FailureReason): boolean {
  return a.kind === b.kind && a.reason === b.reason;
}
