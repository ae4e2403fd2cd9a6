/** Why a connection could not be opened. The order is the wire format between threads. */
export const connectErrorKinds = [
  'refused',
  'connect-timeout',
  'connect-reset',
  'no-local-port',
  'no-descriptor',
  'unreachable',
  'tls',
  'certificate-self-signed',
  'certificate-unknown-issuer',
  'certificate-expired',
  'certificate-wrong-host',
  'certificate-refused',
  'tls-version',
  'tls-client-certificate',
  'tls-alpn',
  'plain-http',
  'closed-on-accept',
  'not-kept',
  'no-http2',
  'no-websocket',
  'connect-other',
] as const;
export type ConnectErrorKind = (typeof connectErrorKinds)[number];

/** No kind of failed connection has the name of a kind of failed request. */
export function isConnectErrorKind(name: string): boolean {
  return (connectErrorKinds as readonly string[]).includes(name);
}

/** How a request that was sent failed. The order is the wire format between threads. */
export const requestErrorKinds = [
  'timeout',
  'reset',
  'closed-before-response',
  'truncated',
  'malformed',
  'head-too-large',
  'unexpected-status',
  'unexpected-body',
  'refused-stream',
  'stream-reset',
  'goaway',
  'closed-by-server',
  'protocol',
  'tls-alert',
  'grpc-cancelled',
  'grpc-unknown',
  'grpc-invalid-argument',
  'grpc-deadline-exceeded',
  'grpc-not-found',
  'grpc-already-exists',
  'grpc-permission-denied',
  'grpc-resource-exhausted',
  'grpc-failed-precondition',
  'grpc-aborted',
  'grpc-out-of-range',
  'grpc-unimplemented',
  'grpc-internal',
  'grpc-unavailable',
  'grpc-data-loss',
  'grpc-unauthenticated',
  'grpc-no-status',
  'grpc-compressed',
  'engine-fault',
  'other',
] as const;
export type RequestErrorKind = (typeof requestErrorKinds)[number];

/** How a call of gRPC failed; what is no status of gRPC's is taken for UNKNOWN, as its clients do. */
export function grpcErrorKind(status: number): RequestErrorKind {
  const first = requestErrorKinds.indexOf('grpc-cancelled');
  return status >= 1 && status <= 16 ? requestErrorKinds[first + status - 1]! : 'grpc-unknown';
}

/** Names an error of connect(2) or of the TLS handshake by its code, as Node reports it. */
export function connectErrorKind(code: string | undefined): ConnectErrorKind {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'connect-timeout';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
    case 'UND_ERR_SOCKET':
      return 'connect-reset';
    case 'EADDRNOTAVAIL':
    case 'EADDRINUSE':
      return 'no-local-port';
    case 'EMFILE':
    case 'ENFILE':
      return 'no-descriptor';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'unreachable';
    case undefined:
      return 'connect-other';
    default:
      return tlsErrorKind(code) ?? 'connect-other';
  }
}

/** Names by Node's codes; null: it is no error of TLS. */
function tlsErrorKind(code: string): ConnectErrorKind | null {
  const known = tlsErrorKinds[code];
  if (known !== undefined) return known;
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return 'tls';
  return certificateCode.test(code) ? 'certificate-refused' : null;
}

/** Whether Node's code is of TLS, or of a certificate. */
export function isTlsError(code: string): boolean {
  return code !== 'no-http2' && tlsErrorKind(code) !== null;
}

/** X509_V_ERR_*, as Node names them. */
const certificateCode =
  /^(CERT_|CRL_|INVALID_|PATH_LENGTH|UNABLE_TO|ERROR_IN_CERT|HOSTNAME_MISMATCH)/;

const tlsErrorKinds: Readonly<Partial<Record<string, ConnectErrorKind>>> = {
  'no-http2': 'no-http2',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unknown-issuer',
  CERT_HAS_EXPIRED: 'certificate-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-wrong-host',
  HOSTNAME_MISMATCH: 'certificate-wrong-host',
  // OpenSSL looks at the first octets as at a record's head; those of a text are no version's.
  ERR_SSL_WRONG_VERSION_NUMBER: 'plain-http',
  ERR_SSL_HTTP_REQUEST: 'plain-http',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'plain-http',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-version',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'tls-version',
  ERR_SSL_WRONG_SSL_VERSION: 'tls-version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-version',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls-client-certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'tls-client-certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'tls-client-certificate',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'tls-alpn',
};

/** A server that takes nothing of what was offered by ALPN does not speak HTTP/2, if that was it. */
export function connectErrorOf(kind: ConnectErrorKind, http: string): ConnectErrorKind {
  return kind === 'tls-alpn' && http === '2' ? 'no-http2' : kind;
}

/** Names an error of an established connection by its code, as Node reports it. */
export function requestErrorKind(code: string | undefined): RequestErrorKind {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return 'reset';
    default:
      return code?.startsWith('ERR_SSL') === true ? 'tls-alert' : 'other';
  }
}
