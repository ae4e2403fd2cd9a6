/** Why a connection could not be opened. The order is the wire format between threads. */
export const connectErrorKinds = [
  'refused',
  'connect-timeout',
  'connect-reset',
  'no-local-port',
  'no-descriptor',
  'unreachable',
  'tls',
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
  'engine-fault',
  'other',
] as const;
export type RequestErrorKind = (typeof requestErrorKinds)[number];

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
    default:
      return code !== undefined &&
        /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code)
        ? 'tls'
        : 'connect-other';
  }
}

/** Names an error of an established connection by its code, as Node reports it. */
export function requestErrorKind(code: string | undefined): RequestErrorKind {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return 'reset';
    default:
      return 'other';
  }
}
