import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/**
 * Whom Node trusts: what it was built with, and what NODE_EXTRA_CA_CERTS names. PEM. A file that
 * cannot be read is left out; Node itself warns of it.
 */
export function trustedAuthorities(): string {
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  return [...rootCertificates, ...(extra === undefined ? [] : [readOrNothing(extra)])].join('\n');
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
