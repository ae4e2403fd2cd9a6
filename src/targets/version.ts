/** A version as the runtimes print them: `1.26.8`, `25.0.3`, `3.14.0rc2`, `26-ea`. */
export interface Version {
  text: string;
  numbers: readonly number[];
  /** False for alphas, betas, release candidates and early access builds. */
  final: boolean;
}

const preRelease = /^[-+.]?(a|b|c|rc|alpha|beta|ea|dev|pre|preview|nightly|internal)/i;

export function parseVersion(text: string): Version | null {
  const match = /^(\d+(?:\.\d+)*)(.*)$/.exec(text.trim());
  if (match === null) return null;
  return {
    text: match[0],
    numbers: match[1]!.split('.').map(Number),
    final: !preRelease.test(match[2]!),
  };
}

export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let index = 0; index < length; index++) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.final) - Number(b.final);
}

/** `3.10` is satisfied by 3.10 and everything above; a pre-release counts as what it precedes. */
export function satisfies(version: Version, minVersion: string | undefined): boolean {
  const minimum = minVersion === undefined ? null : parseVersion(minVersion);
  return minimum === null || compareVersions({ ...version, final: true }, minimum) >= 0;
}
