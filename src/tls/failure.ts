import type { OpenSsl } from './openssl.js';

/** Why TLS failed. */
export interface TlsFailure {
  /** As Node names it, so that all engines say the same. */
  readonly code: string | undefined;
  /** In OpenSSL's words; null: it was no matter of TLS. */
  readonly reason: string | null;
}

/**
 * Of the error that OpenSSL has just met; forgets it.
 * @param verifyResult of SSL_get_verify_result(3); 0: the certificate was not refused
 */
export function tlsFailure(openssl: OpenSsl, verifyResult: number): TlsFailure {
  const reason = openssl.takeReason() ?? 'unknown';
  if (verifyResult === 0) return { code: errorCode(reason), reason };
  const code = certificateCodes[verifyResult] ?? 'CERT_REJECTED';
  const isName = code === 'ERR_TLS_CERT_ALTNAME_INVALID';
  return { code, reason: isName ? 'hostname mismatch' : openssl.verifyReason(verifyResult) };
}

/** Node's name for OpenSSL's words (src/crypto/crypto_util.cc). */
function errorCode(reason: string): string {
  return `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}

/** Node's names of X509_V_ERR_* that a client without lists of revoked certificates can meet. */
const certificateCodes: Readonly<Partial<Record<number, string>>> = {
  2: 'UNABLE_TO_GET_ISSUER_CERT',
  7: 'CERT_SIGNATURE_FAILURE',
  9: 'CERT_NOT_YET_VALID',
  10: 'CERT_HAS_EXPIRED',
  18: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  19: 'SELF_SIGNED_CERT_IN_CHAIN',
  20: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  21: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  22: 'CERT_CHAIN_TOO_LONG',
  24: 'INVALID_CA',
  25: 'PATH_LENGTH_EXCEEDED',
  26: 'INVALID_PURPOSE',
  27: 'CERT_UNTRUSTED',
  28: 'CERT_REJECTED',
  62: 'ERR_TLS_CERT_ALTNAME_INVALID',
  64: 'ERR_TLS_CERT_ALTNAME_INVALID',
};
