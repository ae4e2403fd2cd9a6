import type { Parsed } from '../basis/units.js';
import { proxyVersions, type ProxyVersion } from '../load/plan.js';

/** `v2`, or 2. */
export function parseProxyVersion(written: string): Parsed<ProxyVersion> {
  const value = proxyVersions.find((version) => version === written || version === `v${written}`);
  if (value !== undefined) return { ok: true, value };
  return {
    ok: false,
    message: `"${written}" is no version of the PROXY protocol`,
    remedy: `Write ${proxyVersions.join(' or ')}.`,
  };
}
