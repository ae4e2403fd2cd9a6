import { stat } from 'node:fs/promises';
import type { BuiltTarget } from '../../targets/build.js';
import { TargetError } from '../../targets/target-error.js';
import type { Readings } from './setting.js';

/** Where distributions keep the certificates of authorities, as Go's crypto/x509 looks for them. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** What an image made from `scratch` holds: the program's file and the certificates, uncompressed. */
export async function measureImage({ artifactBytes }: BuiltTarget): Promise<Readings> {
  for (const file of bundles) {
    const certificates = await stat(file).then(
      ({ size }) => size,
      () => null,
    );
    if (certificates === null) continue;
    return { artifact: artifactBytes, certificates, image: artifactBytes + certificates };
  }
  throw new TargetError(
    'cannot-start',
    `this host has no certificates of authorities (${bundles.join(', ')})`,
    'Install the package ca-certificates.',
  );
}
