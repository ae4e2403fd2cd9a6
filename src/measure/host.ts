import { createHash } from 'node:crypto';
import { availableParallelism, arch, cpus, release, totalmem, version } from 'node:os';
import type { Host } from '../results/schema.js';
import { readCgroup } from './cgroup.js';
import { readSmallFile } from './procfs.js';

/** What results depend on: a result is compared with an earlier one only if all of it is the same. */
type Fingerprinted = Pick<
  Host,
  'arch' | 'cpuModel' | 'cpus' | 'memoryBytes' | 'kernel' | 'governor' | 'cgroup'
>;

/** The machine, its kernel and the limits that bear on many connections (proc(5), tcp(7), ip(7)). */
export function readHost(): Host {
  const processors = cpus();
  const facts: Fingerprinted = {
    arch: arch(),
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length === 0 ? availableParallelism() : processors.length,
    memoryBytes: totalmem(),
    kernel: release(),
    governor: readGovernor(),
    cgroup: readCgroup(),
  };
  return { ...facts, fingerprint: fingerprint(facts), os: readOsName(), limits: readLimits() };
}

/**
 * 12 hexadecimal digits of a SHA-256. Memory counts in whole GB, since a kernel reserves a little
 * more or less of it at each boot; of the kernel's release only the first two numbers. A control
 * group counts where it limits, so that hosts without one keep the fingerprint that they had.
 */
export function fingerprint(facts: Fingerprinted): string {
  const { cgroup } = facts;
  const limited = cgroup.cpus !== null || cgroup.memoryBytes !== null;
  const identity = [
    facts.arch,
    facts.cpuModel,
    facts.cpus,
    Math.round(facts.memoryBytes / 2 ** 30),
    facts.kernel.split('.').slice(0, 2).join('.'),
    facts.governor,
    ...(limited ? [cgroup.cpus, cgroup.memoryBytes] : []),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
}

/** How the CPUs choose their clock rate, of all CPUs if they differ; null where the host decides. */
function readGovernor(): string | null {
  const governors = new Set<string>();
  for (let cpu = 0; ; cpu++) {
    const path = `/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`;
    const governor = readSmallFile(path)?.trim();
    if (governor === undefined) break;
    governors.add(governor);
  }
  return governors.size === 0 ? null : [...governors].join(', ');
}

function readOsName(): string {
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readSmallFile('/etc/os-release') ?? '')?.[1];
  return name ?? version();
}

/**
 * `nofile_soft` is what this process has: Node raises it to the hard limit when it starts, so the
 * shell's own `ulimit -n` may be lower. `nf_conntrack_max` is null where no firewall tracks connections.
 */
export function readLimits(): Host['limits'] {
  const nofile = parseOpenFilesLimit(readSmallFile('/proc/self/limits') ?? '');
  return {
    nofile_soft: nofile?.soft ?? null,
    nofile_hard: nofile?.hard ?? null,
    ip_local_port_range: readSetting('net/ipv4/ip_local_port_range'),
    somaxconn: readSetting('net/core/somaxconn'),
    tcp_max_syn_backlog: readSetting('net/ipv4/tcp_max_syn_backlog'),
    nf_conntrack_max: readSetting('net/netfilter/nf_conntrack_max'),
    tcp_mem: readSetting('net/ipv4/tcp_mem'),
    tcp_tw_reuse: readSetting('net/ipv4/tcp_tw_reuse'),
  };
}

/** Of /proc/PID/limits; either may be "unlimited". */
export function parseOpenFilesLimit(text: string): { soft: string; hard: string } | null {
  const match = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text);
  return match === null ? null : { soft: match[1]!, hard: match[2]! };
}

function readSetting(path: string): string | null {
  return readSmallFile(`/proc/sys/${path}`)?.trim().replace(/\s+/g, ' ') ?? null;
}
