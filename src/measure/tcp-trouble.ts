import type { Warning } from '../results/figures.js';
import { readKernelMemory } from './kernel-memory.js';
import { readSmallFile } from './procfs.js';
import { systemConstants } from './system-constants.js';

/** Fewer may be anybody's. */
const fewestRetries = 3;
const retriedShare = 0.001;

/** What this host's TCP has counted (kernel: Documentation/networking/snmp_counter.rst). */
interface TcpCounters {
  /** Connections that a full listen queue turned away, on this host. */
  readonly listenOverflows: number;
  readonly synRetransmits: number;
  /** How often TCP entered memory pressure (tcp_mem). */
  readonly memoryPressures: number;
}

/**
 * What stood in the way of connections, told from what the kernel counted meanwhile and holds now.
 * The counters are the whole host's: on a busy one some of it may be others' doing.
 */
export class TcpTrouble {
  readonly #before = readTcpCounters();

  /**
   * @param opened connections that came about
   * @param refusedPorts connections that found no source port
   */
  warnings(opened: number, refusedPorts: number): Warning[] {
    const now = readTcpCounters();
    return [
      this.#before === null || now === null ? null : lostHandshakes(this.#before, now, opened),
      noPorts(refusedPorts),
      trackingFull(),
      memoryPressure(this.#before, now),
    ].filter((warning) => warning !== null);
  }
}

/** null where /proc does not tell. */
function readTcpCounters(): TcpCounters | null {
  const text = readSmallFile('/proc/net/netstat');
  return text === null ? null : parseTcpCounters(text);
}

/** Of /proc/net/netstat: a line of names and a line of values after it, for each protocol. */
export function parseTcpCounters(text: string): TcpCounters {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const valueOf = (name: string): number => Number(values[names.indexOf(name)] ?? 0);
  return {
    listenOverflows: valueOf('ListenOverflows'),
    synRetransmits: valueOf('TCPSynRetrans'),
    memoryPressures: valueOf('TCPMemoryPressures'),
  };
}

function lostHandshakes(before: TcpCounters, now: TcpCounters, opened: number): Warning | null {
  const retried = now.synRetransmits - before.synRetransmits;
  if (retried < fewestRetries || retried < opened * retriedShare) return null;
  const overflows = now.listenOverflows - before.listenOverflows;
  const why = overflows > 0 ? `; a listen queue on this host was full ${overflows} times` : '';
  return {
    code: 'handshakes-retried',
    message: `${retried} handshakes were lost and tried again a second later${why}`,
    remedy:
      'Lower --connect-rate, raise the server’s backlog and net.core.somaxconn, and see that it accepts fast enough',
  };
}

function noPorts(refused: number): Warning | null {
  if (refused === 0) return null;
  return {
    code: 'no-local-port',
    message: `${refused} connections found no free source port (EADDRNOTAVAIL)`,
    remedy:
      'Name further addresses of this host (--local-ips) or ports of the server (http://host:9100-9155/), or widen net.ipv4.ip_local_port_range',
  };
}

function trackingFull(): Warning | null {
  const [count, most] = ['count', 'max'].map((end) =>
    Number(readSmallFile(`/proc/sys/net/netfilter/nf_conntrack_${end}`) ?? NaN),
  ) as [number, number];
  if (!(count >= most * 0.95)) return null;
  return {
    code: 'connection-tracking-full',
    message: `The firewall tracks ${count} connections, of ${most} that it can: further ones are dropped`,
    remedy:
      'sudo sysctl -w net.netfilter.nf_conntrack_max=4000000, or do not track the target’s port',
  };
}

function memoryPressure(before: TcpCounters | null, now: TcpCounters | null): Warning | null {
  const entered = (now?.memoryPressures ?? 0) - (before?.memoryPressures ?? 0);
  const held = readKernelMemory().tcpBytes ?? 0;
  const limits = (readSmallFile('/proc/sys/net/ipv4/tcp_mem') ?? '')
    .trim()
    .split(/\s+/)
    .map(Number);
  const pressure = (limits[1] ?? Infinity) * systemConstants.pageBytes;
  if (entered === 0 && held < pressure) return null;
  const what =
    entered > 0
      ? `ran short of memory ${entered} times`
      : `holds ${Math.round(held / 2 ** 20)} MiB of buffers`;
  return {
    code: 'tcp-memory-pressure',
    message: `TCP ${what} (net.ipv4.tcp_mem ${limits.join(' ')} pages): it drops and shrinks`,
    remedy: 'Raise net.ipv4.tcp_mem, or see which end does not read what it is sent',
  };
}
