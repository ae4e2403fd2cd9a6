import type { MemoryLimit } from '../basis/memory-limit.js';
import { readCgroup } from './cgroup.js';
import { kilobytesAfter, readSmallFile } from './procfs.js';

/** What may come on top of the limit while what is open is served; beyond, it is ended. */
const marginShare = 0.1;
const marginBytes = 256 * 2 ** 20;
/** And in no case more of what was available. */
const mostShare = 0.95;

/**
 * Whether this host's memory is used up to a limit: by the load, by a local server, and by the
 * kernel for both ends of their connections, which no process's figures show. It compares what is
 * available (MemAvailable, proc(5)) with what was when it was made; without /proc it never warns.
 */
export class MemoryWatch {
  /** Of what was available in the beginning. */
  readonly allowedBytes: number;
  readonly #availableAtFirst: number;
  readonly #criticalBytes: number;

  constructor(limit: MemoryLimit) {
    this.#availableAtFirst = readAvailable() ?? Infinity;
    const most = Math.min(this.#availableAtFirst, readCgroup().memoryBytes ?? Infinity);
    this.allowedBytes = limit.kind === 'share' ? most * limit.share : Math.min(limit.bytes, most);
    const margin = this.allowedBytes * marginShare + marginBytes;
    this.#criticalBytes = Math.min(this.allowedBytes + margin, most * mostShare);
  }

  /** `full`: no more is to be taken. `critical`: what was taken grows on, and is to be given back. */
  look(): 'fine' | 'full' | 'critical' {
    const used = this.#availableAtFirst - (readAvailable() ?? Infinity);
    if (used > this.#criticalBytes) return 'critical';
    return used > this.allowedBytes ? 'full' : 'fine';
  }
}

function readAvailable(): number | null {
  return kilobytesAfter(readSmallFile('/proc/meminfo') ?? '', '\nMemAvailable:');
}
