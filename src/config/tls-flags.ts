import type { Problem } from '../basis/problem.js';
import type { Parsed } from '../basis/units.js';
import { tlsVersions, type TlsSettings, type TlsVersion } from '../tls/settings.js';
import type { FlagReader } from './flag-reader.js';
import { readTlsFiles } from './tls-files.js';

/** The flags about TLS, as they were typed. */
export interface TlsFlags {
  readonly insecure?: boolean | undefined;
  readonly cacert?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly tlsMin?: string | undefined;
  readonly tlsMax?: string | undefined;
  readonly servername?: string | undefined;
  /** false for `--no-resume`; true, which commander gives by default, says nothing. */
  readonly resume?: boolean | undefined;
}

/** What the flags say, and nothing of the rest. */
export async function readTlsFlags(
  flags: TlsFlags,
  flag: FlagReader,
  problems: Problem[],
): Promise<Partial<TlsSettings>> {
  const minVersion = flag.read('--tls-min', flags.tlsMin, parseTlsVersion);
  const maxVersion = flag.read('--tls-max', flags.tlsMax, parseTlsVersion);
  const serverName = flag.read('--servername', flags.servername, parseServerName);
  if (flags.insecure === true && flags.cacert !== undefined) {
    const message = '--insecure and --cacert exclude each other';
    problems.push({ where: '--insecure', message, remedy: 'Give one of the two.' });
  }
  return {
    ...(flags.insecure === true ? { verify: false } : {}),
    ...(await readTlsFiles(flags, (key) => `--${key}`, problems)),
    ...(minVersion === null ? {} : { minVersion }),
    ...(maxVersion === null ? {} : { maxVersion }),
    ...(serverName === null ? {} : { serverName }),
    ...(flags.resume === false ? { resume: false } : {}),
  };
}

/** `1.2`, or `TLSv1.2` as OpenSSL writes it. */
export function parseTlsVersion(written: string): Parsed<TlsVersion> {
  const number = written.replace(/^TLSv?/i, '');
  const value = tlsVersions.find((version) => version === number);
  if (value !== undefined) return { ok: true, value };
  return {
    ok: false,
    message: `"${written}" is no version of TLS that c1m speaks`,
    remedy: `Write ${tlsVersions.join(' or ')}.`,
  };
}

/** A host name in ASCII, or an IP address. */
export function parseServerName(written: string): Parsed<string> {
  const value = written.replace(/^\[|\]$/g, '');
  if (/^[\w.:-]{1,253}$/.test(value)) return { ok: true, value };
  return {
    ok: false,
    message: `"${written}" is no name of a server`,
    remedy: 'Write a host name such as example.com, as it stands in the certificate.',
  };
}
