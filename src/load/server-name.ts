import type { TlsSettings } from '../tls/settings.js';
import type { Origin } from './plan.js';

/** The host name or IP address that a server's certificate must bear; a name is asked for, too (SNI). */
export function serverNameOf(
  { hostname }: Pick<Origin, 'hostname'>,
  { serverName }: Pick<TlsSettings, 'serverName'>,
): string {
  // An IPv6 address stands in brackets in a URL.
  return serverName ?? hostname.replace(/^\[|\]$/g, '');
}
