import { readLimits } from '../measure/host.js';

/** Of a process's descriptors, what it needs beside its connections. */
const reservedShare = 0.05;
const reservedLeast = 64;

/** How many processes a target needs to hold so many connections: RLIMIT_NOFILE bounds each. */
export function replicasFor(connections: number): number {
  const descriptors = Number(readLimits()['nofile_soft'] ?? Infinity);
  if (!Number.isFinite(descriptors)) return 1;
  const each = descriptors - Math.max(reservedLeast, Math.ceil(descriptors * reservedShare));
  return Math.max(1, Math.ceil(connections / Math.max(1, each)));
}
