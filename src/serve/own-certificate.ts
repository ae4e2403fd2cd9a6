import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Tags of DER (ITU-T X.690). */
const tags = { integer: 0x02, bits: 0x03, oid: 0x06, text: 0x0c, sequence: 0x30, set: 0x31 };
const generalizedTime = 0x18;
/** ecdsa-with-SHA256 (RFC 5758 §3.2). */
const signatureAlgorithm = Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
const commonName = Buffer.from([0x55, 0x04, 0x03]);

/** A key, and a certificate that it has signed itself; both PEM. */
interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Made anew each time, so that no key lies in the package; whoever connects must not verify it. */
export function ownCertificate(): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = certificate(publicKey, privateKey);
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

/** RFC 5280 §4.1, of version 1, which has no extensions. */
function certificate(publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const algorithm = element(tags.sequence, element(tags.oid, signatureAlgorithm));
  const name = element(
    tags.sequence,
    element(
      tags.set,
      element(
        tags.sequence,
        element(tags.oid, commonName),
        element(tags.text, Buffer.from('c1m warm-up')),
      ),
    ),
  );
  const time = (text: string): Buffer => element(generalizedTime, Buffer.from(text));
  const signed = element(
    tags.sequence,
    element(tags.integer, Buffer.from([1])),
    algorithm,
    name,
    element(tags.sequence, time('20200101000000Z'), time('21000101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', signed, privateKey)]);
  return element(tags.sequence, signed, algorithm, element(tags.bits, signature));
}

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
