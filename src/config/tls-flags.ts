import type { Problem } from '../basis/problem.js';
import type { TlsSettings } from '../tls/settings.js';
import type { FlagReader } from './flag-reader.js';
import { readTlsFiles } from './tls-files.js';
import { parseServerName, parseTlsVersion } from './tls-words.js';

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
