import type { Warning } from '../results/figures.js';

/**
 * What a warning means for the figures beside it.
 * invalid: they are not what was asked for, or cannot be trusted.
 * lower-bound: the generator was the limit, so the server may be faster; a result all the same.
 * advice: they stand as they are.
 */
type WarningClass = 'invalid' | 'lower-bound' | 'advice';

/** docs/measuring.md says of each when it is given. */
export const warningClasses: Readonly<Record<string, WarningClass>> = {
  'connections-not-established': 'invalid',
  errors: 'invalid',
  'generator-late': 'invalid',
  'littles-law': 'invalid',
  'memory-limit': 'invalid',
  'no-deliveries': 'invalid',
  'no-events': 'invalid',
  'no-http2': 'invalid',
  'no-websocket': 'invalid',
  'no-responses': 'invalid',
  'rate-not-reached': 'invalid',
  'requests-not-sent': 'invalid',
  'server-ended': 'invalid',
  'shard-missing': 'invalid',
  'target-died': 'invalid',

  'generator-saturated': 'lower-bound',

  'answers-differ': 'advice',
  'build-damaged': 'advice',
  'calibration-outdated': 'advice',
  'calls-ended': 'advice',
  'cgroup-cpu-quota': 'advice',
  'cgroup-memory-limit': 'advice',
  'changed-since': 'advice',
  'cold-start': 'advice',
  'connection-tracking-full': 'advice',
  'connections-lost': 'advice',
  'connections-not-kept': 'advice',
  'deliveries-lost': 'advice',
  'error-statuses': 'advice',
  'fewer-streams': 'advice',
  'generator-lag-in-tail': 'advice',
  'handshakes-retried': 'advice',
  'http2-experimental': 'advice',
  'more-threads-than-cpus': 'advice',
  'near-generator-ceiling': 'advice',
  'no-local-port': 'advice',
  'not-compared': 'advice',
  'not-pinned': 'advice',
  'not-warm': 'advice',
  'requests-failed': 'advice',
  'scheduling-fallback': 'advice',
  'streams-without-events': 'advice',
  'scheduling-incomplete': 'advice',
  'scheduling-unseen': 'advice',
  'scheduling-unwatched': 'advice',
  'server-cpu-asleep': 'advice',
  'shared-core': 'advice',
  'shared-cpu': 'advice',
  'tcp-memory-pressure': 'advice',
  traced: 'advice',
};

/** A phase is valid if nothing but advice is said of it. */
export function isValid(warnings: readonly Warning[]): boolean {
  return warnings.every(({ code }) => warningClasses[code] === 'advice');
}

/** Of what is not valid: a lower bound, and nothing worse. A code that is not known here is worse. */
export function isLowerBound(warnings: readonly Warning[]): boolean {
  const classes = warnings.map(({ code }) => warningClasses[code]);
  const mild = classes.every((kind) => kind === 'advice' || kind === 'lower-bound');
  return mild && classes.includes('lower-bound');
}
