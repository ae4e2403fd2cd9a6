import { isIP } from 'node:net';
import tls, { type ConnectionOptions, type SecureContext } from 'node:tls';
import { trustedAuthorities } from './trusted-authorities.js';
import type { TlsSettings, TlsVersion } from './settings.js';

const versions = { '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const satisfies Record<
  TlsVersion,
  string
>;

/** What all connections over Node's sockets share, as `SecureContext` is of those in memory. */
export function nodeContext(settings: TlsSettings): SecureContext {
  const { authorities, identity, minVersion, maxVersion } = settings;
  return tls.createSecureContext({
    ca: settings.verify ? (authorities ?? trustedAuthorities()) : [],
    ...(identity === null ? {} : { cert: identity.certificate, key: identity.key }),
    minVersion: versions[minVersion ?? '1.2'],
    maxVersion: versions[maxVersion ?? '1.3'],
  });
}

type NodeOptions = Required<Pick<ConnectionOptions, 'rejectUnauthorized' | 'servername'>> & {
  readonly checkServerIdentity: typeof tls.checkServerIdentity;
};

/** @param name the host name or IP address that the certificate must bear */
export function nodeOptions(name: string, settings: TlsSettings): NodeOptions {
  return {
    rejectUnauthorized: settings.verify,
    servername: isIP(name) === 0 ? name : '',
    // Node would take the address that is connected to, where no name is asked for.
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name, certificate),
  };
}
