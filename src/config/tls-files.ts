import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Problem } from '../basis/problem.js';
import type { TlsSettings } from '../tls/settings.js';

/** What flags, or a scenario's `tls`, say of certificates: the names of files. */
interface TlsFiles {
  readonly cacert?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Where each of them is written, for problems; a file is named as it is to be opened. */
type Place = (key: keyof TlsFiles) => string;

type Read = Pick<TlsSettings, 'authorities' | 'identity'>;

/** Reads the files that are named, and looks whether TLS can use them; what is wrong is a problem. */
export async function readTlsFiles(
  { cacert, cert, key }: TlsFiles,
  place: Place,
  problems: Problem[],
): Promise<Partial<Read>> {
  const read: { -readonly [K in keyof Read]?: Read[K] } = {};
  if (cacert !== undefined) {
    const pem = await readText(cacert, place('cacert'), problems);
    if (pem !== null && hasCertificates(pem, cacert, place('cacert'), problems)) {
      read.authorities = pem;
    }
  }
  if (cert === undefined) {
    if (key === undefined) return read;
    problems.push({
      where: place('key'),
      message: 'a key needs the certificate that it belongs to',
      remedy: `Give ${place('cert')} as well.`,
    });
    return read;
  }
  const certificate = await readText(cert, place('cert'), problems);
  // As curl has it, one file may hold both.
  const keyAt = key === undefined ? place('cert') : place('key');
  const ownKey = key === undefined ? certificate : await readText(key, keyAt, problems);
  if (certificate === null || ownKey === null) return read;
  if (!hasCertificates(certificate, cert, place('cert'), problems)) return read;
  const problem = keyProblem(certificate, ownKey, key ?? cert, keyAt);
  if (problem === null) read.identity = { certificate, key: ownKey };
  else problems.push(problem);
  return read;
}

async function readText(file: string, where: string, problems: Problem[]): Promise<string | null> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT' ? `there is no file ${file}` : `cannot read ${file} (${code})`;
    problems.push({ where, message, remedy: 'Name a file in PEM format that can be read.' });
    return null;
  }
}

const certificateBlock =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** Whether there is at least one, and all can be read. */
function hasCertificates(pem: string, file: string, where: string, problems: Problem[]): boolean {
  const blocks = pem.match(certificateBlock) ?? [];
  if (blocks.length === 0) {
    const message = `${file} holds no certificate in PEM format (-----BEGIN CERTIFICATE-----)`;
    const remedy = 'From DER: openssl x509 -inform der -in FILE -out FILE.pem';
    problems.push({ where, message, remedy });
    return false;
  }
  for (const [index, block] of blocks.entries()) {
    if (isReadable(block)) continue;
    const message = `certificate ${index + 1} in ${file} cannot be read`;
    problems.push({
      where,
      message,
      remedy: 'See what is wrong with: openssl x509 -in FILE -text',
    });
    return false;
  }
  return true;
}

function isReadable(block: string): boolean {
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

/** null: the key can be used, and belongs to the first of the certificates. */
function keyProblem(certificate: string, key: string, file: string, where: string): Problem | null {
  if (/ENCRYPTED/.test(key)) {
    const remedy = 'Decrypt it into a file that only you can read: openssl pkey -in FILE -out FILE';
    return { where, message: `the key in ${file} is encrypted`, remedy };
  }
  const parsed = (() => {
    try {
      return createPrivateKey(key);
    } catch {
      return null;
    }
  })();
  if (parsed === null) {
    const message = `${file} holds no private key in PEM format (-----BEGIN PRIVATE KEY-----)`;
    return { where, message, remedy: 'From DER: openssl pkey -inform der -in FILE -out FILE.pem' };
  }
  if (new X509Certificate(certificate).checkPrivateKey(parsed)) return null;
  const message = `the key in ${file} does not belong to the certificate`;
  return { where, message, remedy: 'Give the key from which the certificate was requested.' };
}
