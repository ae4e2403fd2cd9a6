import { kilobytesAfter, readSmallFile } from './procfs.js';
import { systemConstants } from './system-constants.js';

/**
 * What the kernel itself holds, for the whole host: it keeps no account of sockets by process.
 * Each figure is null where the host does not tell it.
 */
interface KernelMemory {
  /** Socket buffers of TCP: whole pages, reserved in lumps of up to 1 MB for each CPU. */
  readonly tcpBytes: number | null;
  /** Sockets of this network namespace, both ends of a local connection; without TIME_WAIT. */
  readonly tcpInUse: number | null;
  readonly tcpTimeWait: number | null;
  /** Closed by their process, but not yet by TCP. */
  readonly tcpOrphans: number | null;
  readonly slabBytes: number | null;
  /** The part of it that cannot be given back under pressure: sockets are in it, file caches are not. */
  readonly slabUnreclaimableBytes: number | null;
}

/** Reads /proc/net/sockstat and /proc/meminfo (proc(5)); takes 35 µs. */
export function readKernelMemory(): KernelMemory {
  return {
    ...parseSockstat(readSmallFile('/proc/net/sockstat') ?? '', systemConstants.pageBytes),
    ...parseSlab(readSmallFile('/proc/meminfo') ?? ''),
  };
}

export function parseSockstat(
  text: string,
  pageBytes: number,
): Pick<KernelMemory, 'tcpBytes' | 'tcpInUse' | 'tcpTimeWait' | 'tcpOrphans'> {
  const line = /^TCP: (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const valueOf = (name: string): number | null => {
    const at = line.indexOf(name);
    return at < 0 ? null : Number(line[at + 1]);
  };
  const pages = valueOf('mem');
  return {
    tcpBytes: pages === null ? null : pages * pageBytes,
    tcpInUse: valueOf('inuse'),
    tcpTimeWait: valueOf('tw'),
    tcpOrphans: valueOf('orphan'),
  };
}

export function parseSlab(
  text: string,
): Pick<KernelMemory, 'slabBytes' | 'slabUnreclaimableBytes'> {
  return {
    slabBytes: kilobytesAfter(text, '\nSlab:'),
    slabUnreclaimableBytes: kilobytesAfter(text, '\nSUnreclaim:'),
  };
}
