import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Tags of DER (ITU-T X.690 §8). */
const Tag = {
  integer: 0x02,
  bits: 0x03,
  identifier: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758 §3.2). */
const signedWith = der(Tag.sequence, der(Tag.identifier, octets('2a8648ce3d040302')));
/** 2.5.4.3, commonName. */
const commonName = der(Tag.identifier, octets('550403'));

/** A key and a certificate that nobody trusts (RFC 5280 §4.1, version 1), for TLS between two threads. */
export function selfSigned(name: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const whose = der(
    Tag.sequence,
    der(Tag.set, der(Tag.sequence, commonName, der(Tag.text, Buffer.from(name)))),
  );
  const content = der(
    Tag.sequence,
    // Positive, whatever is drawn.
    der(Tag.integer, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signedWith,
    whose,
    der(Tag.sequence, time('200101000000Z'), time('491231235959Z')),
    whose,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  const unusedBits = Buffer.from([0]);
  const certificate = der(Tag.sequence, content, signedWith, der(Tag.bits, unusedBits, signature));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const all = Buffer.concat(content);
  const { length } = all;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), all]);
}

function time(utc: string): Buffer {
  return der(Tag.time, Buffer.from(utc));
}

function octets(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
