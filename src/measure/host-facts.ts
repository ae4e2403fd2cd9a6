import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Host } from '../results/schema.js';

const limitFiles = {
  ip_local_port_range: '/proc/sys/net/ipv4/ip_local_port_range',
  somaxconn: '/proc/sys/net/core/somaxconn',
  tcp_max_syn_backlog: '/proc/sys/net/ipv4/tcp_max_syn_backlog',
  nf_conntrack_max: '/proc/sys/net/netfilter/nf_conntrack_max',
  tcp_mem: '/proc/sys/net/ipv4/tcp_mem',
};

/** What makes figures of two runs comparable. Off Linux the kernel's limits are null. */
export function readHost(): Host {
  const cpuModel = os.cpus()[0]?.model.trim() ?? 'unknown';
  const cpus = os.availableParallelism();
  const memoryBytes = os.totalmem();
  const governor = readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  const [major = '', minor = ''] = os.release().split('.');
  const gibibytes = Math.round(memoryBytes / 2 ** 30);
  const parts = [os.platform(), os.arch(), cpuModel, cpus, gibibytes, major, minor, governor];
  const limits: Record<string, string | null> = { nofile: openFilesLimit() };
  for (const [name, file] of Object.entries(limitFiles)) limits[name] = readLine(file);
  return {
    fingerprint: createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 16),
    os: os.platform(),
    kernel: os.release(),
    arch: os.arch(),
    cpuModel,
    cpus,
    memoryBytes,
    governor,
    limits,
  };
}

/** The soft limit (proc(5), /proc/PID/limits). */
function openFilesLimit(): string | null {
  const limits = readText('/proc/self/limits') ?? '';
  return /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? null;
}

function readLine(file: string): string | null {
  return readText(file)?.trim().replace(/\s+/g, ' ') ?? null;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
