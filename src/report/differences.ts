import type { RunResult } from '../results/schema.js';

/** What makes several results hard to compare. */
export function differences(results: readonly RunResult[]): string[] {
  const differ = (of: (result: RunResult) => string): boolean => new Set(results.map(of)).size > 1;
  return [
    ...(differ((r) => r.scenario.hash)
      ? ['! The scenarios differ, so the figures do as well.']
      : []),
    ...(differ((r) => r.host.fingerprint)
      ? ['! The hosts differ, so the figures do as well.']
      : []),
  ];
}
