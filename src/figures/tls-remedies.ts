import type { LoadFigures } from '../results/figures.js';

type Refusals = Pick<LoadFigures, 'connectErrors' | 'errors' | 'tlsFailures'>;

const versions =
  'Allow what the server speaks with --tls-min and --tls-max; see what it is with: openssl s_client -connect HOST:PORT';
const elsewhere = 'See more with: openssl s_client -connect HOST:PORT';

/** What to do about each kind of failure that is of TLS. */
const remedies: Readonly<Partial<Record<string, string>>> = {
  'certificate-self-signed':
    'Trust it with --cacert FILE, or accept any certificate with --insecure',
  'certificate-unknown-issuer':
    'Name who signed it with --cacert FILE, or accept any certificate with --insecure; a server must send the certificates in between',
  'certificate-expired': 'Renew it, or accept any certificate with --insecure',
  'certificate-wrong-host':
    'Use a host that the certificate names, by --servername or --resolve as well, or accept any with --insecure',
  'certificate-refused': `Accept any certificate with --insecure. ${elsewhere}`,
  'tls-version': versions,
  'tls-client-certificate': 'Give a certificate that the server trusts with --cert and --key',
  'tls-alpn': 'The server refuses HTTP/1.1 by ALPN: try --http2',
  'plain-http': 'The server speaks plain HTTP there, or no HTTP: write http://, or another port',
  'tls-alert':
    'Where the server asks for a certificate of the client, give it with --cert and --key; else look into its log',
  tls: elsewhere,
};

/** What to do about the failure that is the most frequent one; null: that is none of TLS. */
export function tlsRemedy({ connectErrors, errors }: Refusals): string | null {
  const all = Object.entries({ ...errors, ...connectErrors }).sort(([, a], [, b]) => b - a);
  const [most] = all[0] ?? [];
  return most === undefined ? null : (remedies[most] ?? null);
}

/** What OpenSSL said: ` (OpenSSL: self-signed certificate)`. */
export function tlsWords({ tlsFailures }: Pick<LoadFigures, 'tlsFailures'>): string {
  if (tlsFailures.length === 0) return '';
  const reasons = [...new Set(tlsFailures.map(({ reason }) => reason))];
  return ` (OpenSSL: ${reasons.join('; ')})`;
}
