import { ConfigError, type Problem } from '../basis/problem.js';
import { FlagReader } from '../config/flag-reader.js';
import type { TargetUrl } from '../config/target-url.js';
import { readTlsFlags } from '../config/tls-flags.js';
import { isSecure } from '../load/plan.js';
import type { TlsSettings } from '../tls/settings.js';
import type { GateFlags } from './gate-flags.js';

/**
 * Of servers that run already; those that c1m starts are not reached over TLS.
 * @throws ConfigError
 */
export async function readGateTls(
  flags: GateFlags,
  urls: readonly TargetUrl[],
): Promise<Partial<TlsSettings>> {
  const problems: Problem[] = [];
  const tls = await readTlsFlags(flags, new FlagReader(problems), problems);
  const given = (['insecure', 'cacert'] as const).filter((flag) => flags[flag] !== undefined);
  if (given.length > 0 && !isSecure({ origins: urls.map(({ origin }) => origin) })) {
    const message = 'is for servers at --base-url and --head-url, of https';
    problems.push({ where: `--${given[0]}`, message, remedy: 'Leave it out.' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return tls;
}
