import { readSmallFile } from '../measure/procfs.js';

const places = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/** Whether the kernel's tracing directory is in its place already. */
export function tracefsMounted(): boolean {
  const mounts = readSmallFile('/proc/self/mounts') ?? '';
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .some(([, place = '', type]) => type === 'tracefs' && places.includes(place));
}

/**
 * The command, with the tracing directory in its place. Where it is missing, it is mounted in a
 * mount namespace of the command's own, and so is gone with it, whatever ends it.
 */
export function underTracefs(command: readonly string[]): readonly string[] {
  if (tracefsMounted()) return command;
  const mounted = 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"';
  return ['unshare', '--mount', '/bin/sh', '-c', mounted, 'c1m-tracefs', ...command];
}
