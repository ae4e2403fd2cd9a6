import { Toolchains } from '../targets/toolchain.js';
import type { Claim } from './claim.js';

/** What a claim needs of this host. */
interface Needs {
  readonly name: string;
  readonly title: string;
  readonly runtimes: readonly string[];
  /** What of it is not there, and how to get it. */
  readonly missing: readonly { readonly reason: string; readonly remedy: string }[];
}

export async function needsOf(claims: readonly Claim[]): Promise<Needs[]> {
  const toolchains = new Toolchains();
  const needs: Needs[] = [];
  for (const { name, title, arms } of claims) {
    const runtimes = new Map(
      arms.map(({ target: { manifest } }) => [
        [manifest.runtime.name, manifest.runtime.minVersion].filter(Boolean).join(' ≥ '),
        manifest.runtime,
      ]),
    );
    const found = await Promise.all([...runtimes.values()].map((each) => toolchains.find(each)));
    const missing = found.flatMap((each) =>
      each.found ? [] : [{ reason: each.reason, remedy: each.remedy }],
    );
    needs.push({ name, title, runtimes: [...runtimes.keys()], missing });
  }
  return needs;
}
