import type { Parsed } from '../basis/units.js';
import { tlsVersions, type TlsVersion } from '../tls/settings.js';

/** `1.2`, or `TLSv1.2` as OpenSSL writes it. */
export function parseTlsVersion(written: string): Parsed<TlsVersion> {
  const number = written.replace(/^TLSv?/i, '');
  const value = tlsVersions.find((version) => version === number);
  if (value !== undefined) return { ok: true, value };
  return {
    ok: false,
    message: `"${written}" is no version of TLS that c1m speaks`,
    remedy: `Write ${tlsVersions.join(' or ')}.`,
  };
}

/** A host name in ASCII, or an IP address. */
export function parseServerName(written: string): Parsed<string> {
  const value = written.replace(/^\[|\]$/g, '');
  if (/^[\w.:-]{1,253}$/.test(value)) return { ok: true, value };
  return {
    ok: false,
    message: `"${written}" is no name of a server`,
    remedy: 'Write a host name such as example.com, as it stands in the certificate.',
  };
}
