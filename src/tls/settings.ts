export const tlsVersions = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** How connections are secured: plain data. Texts of certificates and keys are PEM (RFC 7468). */
export interface TlsSettings {
  /** Whether a certificate that cannot be verified is refused. */
  readonly verify: boolean;
  /** Who may have signed the server's certificate; null: those whom Node trusts. */
  readonly authorities: string | null;
  /** What the client shows of itself, where the server asks; null: nothing. */
  readonly identity: ClientIdentity | null;
  /** null: 1.2. */
  readonly minVersion: TlsVersion | null;
  /** null: 1.3. */
  readonly maxVersion: TlsVersion | null;
  /** The name asked for (SNI, RFC 6066 §3), and that the certificate must bear; null: the host of the URL. */
  readonly serverName: string | null;
  /** Whether a connection takes up the session of the one before it in its place. */
  readonly resume: boolean;
}

interface ClientIdentity {
  /** The certificate, and those between it and its authority, if any. */
  readonly certificate: string;
  readonly key: string;
}

export const tlsDefaults: TlsSettings = {
  verify: true,
  authorities: null,
  identity: null,
  minVersion: null,
  maxVersion: null,
  serverName: null,
  resume: true,
};
