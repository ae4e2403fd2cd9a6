import type { LoadFigures } from '../results/figures.js';

type Refusals = Pick<LoadFigures, 'connectErrors' | 'errors' | 'failureReasons'>;

const versions =
  'Allow what the server speaks with --tls-min and --tls-max; see what it is with: openssl s_client -connect HOST:PORT';
const elsewhere = 'See more with: openssl s_client -connect HOST:PORT';

const asked = 'Check the method and the message with grpcurl, and look into the server’s log';

/** What to do about each kind of failure that has a remedy of its own. */
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
  'grpc-no-status':
    'The server answers, but not as gRPC does: check the port, and that what stands before it lets trailers through',
  'grpc-compressed':
    'The server compresses though c1m accepts no encoding: turn its compression off, or c1m would measure less than a client does',
  'grpc-unimplemented': 'The server has no such method: check --grpc, with its package',
  'grpc-invalid-argument': asked,
  'grpc-unauthenticated': "Give credentials with -H 'authorization: Bearer …'",
  'grpc-permission-denied': "Give other credentials with -H 'authorization: Bearer …'",
  'grpc-unknown': asked,
  'grpc-internal': asked,
};

/** What to do about the failure that is the most frequent one; null: nothing of its own. */
export function failureRemedy({ connectErrors, errors }: Refusals): string | null {
  const all = Object.entries({ ...errors, ...connectErrors }).sort(([, a], [, b]) => b - a);
  const [most] = all[0] ?? [];
  return most === undefined ? null : (remedies[most] ?? null);
}

/** What was said of it: ` (OpenSSL: self-signed certificate)`, or by a server of gRPC. */
export function failureWords({ failureReasons }: Pick<LoadFigures, 'failureReasons'>): string {
  if (failureReasons.length === 0) return '';
  const reasons = [
    ...new Set(failureReasons.map(({ kind, reason }) => `${whoSaid(kind)}: ${reason}`)),
  ];
  return ` (${reasons.join('; ')})`;
}

function whoSaid(kind: string): string {
  return kind.startsWith('grpc-') ? 'the server' : 'OpenSSL';
}
