import { freemem } from 'node:os';
import type { Host } from '../results/schema.js';
import { obstacleTo } from '../scheduling/obstacles.js';
import { uringSupport } from '../uring/support.js';
import { cpuQuotaRemedy, gibibytes, memoryLimitRemedy } from '../measure/cgroup.js';
import { formatCpuList, readAllowedCpus, splitCpus } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { canPin } from '../measure/pinning.js';
import { kilobytesAfter, readSmallFile } from '../measure/procfs.js';
import { systemConstants } from '../measure/system-constants.js';

/** One fact about this machine. */
export interface Finding {
  readonly name: string;
  /** null where the machine does not tell. */
  readonly value: string | null;
  /** `warn`: limits large or exact runs. `bad`: limits ordinary ones. */
  readonly status: 'ok' | 'warn' | 'bad' | 'unknown';
  /** What it limits. */
  readonly limits: string;
  /** What to do about it, a command line where there is one; null where nothing needs doing. */
  readonly remedy: string | null;
}

const gigabyte = 2 ** 30;
const everyPort = 'sudo sysctl -w net.ipv4.ip_local_port_range="1024 65535"';

/** Takes 10 ms: it reads some files of /proc and starts taskset. Never throws. */
export function diagnose(host: Host = readHost()): Finding[] {
  return [
    cores(host),
    kernel(host),
    openFiles(host),
    portRange(host),
    somaxconn(host),
    synBacklog(host),
    conntrack(host),
    tcpMemory(host),
    governor(host),
    pinnedApart(),
    memoryAvailable(host),
    cpuQuota(host),
  ];
}

/** Takes some 100 ms: it starts bpftrace or perf for their versions. Never throws. */
export function diagnoseScheduling(): Finding {
  const common = { name: 'scheduling', limits: 'What c1m can see of how a server is scheduled' };
  const obstacle = obstacleTo('ebpf');
  if (obstacle === null) return { ...common, value: 'by eBPF, request by request', ...fine };
  const instead = obstacleTo('perf') === null ? 'perf' : '/proc';
  return { ...common, value: `by ${instead} only: ${obstacle.reason}`, ...warn(obstacle.remedy) };
}

/** Takes a few milliseconds more: a ring is made, and closed again. Never throws. */
export async function diagnoseUring(): Promise<Finding> {
  const common = { name: 'io_uring', limits: 'The fastest engine; net takes its place' };
  const support = await uringSupport();
  if (support.available) return { ...common, value: 'available', ...fine };
  return { ...common, value: support.reason, ...warn(support.remedy) };
}

function cores({ cpus, cpuModel }: Host): Finding {
  return {
    name: 'cores',
    value: `${cpus} (${cpuModel})`,
    limits: 'Load and target need a CPU each, or they slow each other down',
    ...(cpus < 2 ? warn('Run on a machine with two CPUs or more') : fine),
  };
}

function kernel({ os, kernel: release }: Host): Finding {
  const common = { name: 'kernel', value: `${release} (${os})` };
  const limits = 'Measuring the server and the io_uring engine need Linux ≥ 6.1';
  if (process.platform !== 'linux') {
    return {
      ...common,
      limits,
      ...warn('Run on Linux; elsewhere the server’s figures are left out'),
    };
  }
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const recent = major > 6 || (major === 6 && minor >= 1);
  return { ...common, limits, ...(recent ? fine : warn('Update to a kernel ≥ 6.1')) };
}

function openFiles({ limits }: Host): Finding {
  const { nofile_soft: soft = null, nofile_hard: hard = null } = limits;
  const files = soft === 'unlimited' ? Infinity : Number(soft);
  return finding('ulimit -n', soft, {
    limits: 'One descriptor for each connection, in c1m and again in the target',
    isBad: files < 1024,
    isFine: files >= 65_536,
    remedy: raiseOpenFiles(hard === soft ? null : hard),
  });
}

/** Up to the hard limit anyone may go, above it only who has CAP_SYS_RESOURCE (setrlimit(2)). */
function raiseOpenFiles(hard: string | null): string {
  if (hard !== null) return `ulimit -n ${hard}`;
  const capabilities = /^CapEff:\s*(\w+)/m.exec(readSmallFile('/proc/self/status') ?? '')?.[1];
  if ((BigInt(`0x${capabilities ?? 0}`) & sysResource) !== 0n) return 'ulimit -n 1048576';
  // Root without it lives in a container or a sandbox, whose limit is set where it is started.
  if (process.getuid?.() === 0) return 'docker run --ulimit nofile=1048576:1048576 …';
  return 'sudo sh -c \'echo "* - nofile 1048576" >> /etc/security/limits.conf\', then log in again';
}

const sysResource = 1n << 24n;

function portRange({ limits }: Host): Finding {
  const range = limits['ip_local_port_range'] ?? null;
  const [first = 0, last = 0] = (range ?? '').split(' ').map(Number);
  const ports = last - first + 1;
  return finding('ip_local_port_range', range && `${range} (${ports} ports)`, {
    limits: 'Connections from one source address to one address and port of a server',
    isBad: ports < 1000,
    isFine: ports >= 60_000,
    remedy: everyPort,
  });
}

function somaxconn({ limits }: Host): Finding {
  const value = limits['somaxconn'] ?? null;
  return finding('somaxconn', value, {
    limits: 'Connections that wait to be accepted by one listening socket; more time out and retry',
    isBad: Number(value) < 128,
    isFine: Number(value) >= 4096,
    remedy: 'sudo sysctl -w net.core.somaxconn=65535',
  });
}

function synBacklog({ limits }: Host): Finding {
  const value = limits['tcp_max_syn_backlog'] ?? null;
  return finding('tcp_max_syn_backlog', value, {
    limits: 'Handshakes under way at one listening socket; more are dropped, and retried after 1 s',
    isBad: Number(value) < 128,
    isFine: Number(value) >= 4096,
    remedy: 'sudo sysctl -w net.ipv4.tcp_max_syn_backlog=65535',
  });
}

function conntrack({ limits }: Host): Finding {
  const name = 'nf_conntrack_max';
  const about = 'Connections that the firewall can track; further ones are dropped';
  const value = limits['nf_conntrack_max'] ?? null;
  // The module is not loaded, or belongs to another network namespace: nothing is tracked here.
  if (value === null && process.platform === 'linux') {
    return { name, value: 'none tracked', limits: about, ...fine };
  }
  return finding(name, value, {
    limits: about,
    isBad: Number(value) < 4096,
    isFine: Number(value) >= 1_048_576,
    remedy: 'sudo sysctl -w net.netfilter.nf_conntrack_max=2097152',
  });
}

function tcpMemory({ limits }: Host): Finding {
  const value = limits['tcp_mem'] ?? null;
  const bytes = Number(value?.split(' ')[2]) * systemConstants.pageBytes;
  const pages = (size: number): number => size / systemConstants.pageBytes;
  const remedy = [gigabyte, 1.5 * gigabyte, 2 * gigabyte].map(pages).join(' ');
  return finding('tcp_mem', value && `${value} (at most ${gibibytes(bytes)})`, {
    limits:
      'Memory for the buffers of all sockets; above it, data is dropped and connections reset',
    isBad: bytes < gigabyte / 16,
    isFine: bytes >= gigabyte,
    remedy: `sudo sysctl -w net.ipv4.tcp_mem="${remedy}"`,
  });
}

function governor({ governor: value }: Host): Finding {
  return finding('cpu governor', value, {
    limits: 'A CPU that changes its clock rate with the load makes results scatter',
    isBad: false,
    isFine: value === 'performance',
    remedy: 'sudo cpupower frequency-set -g performance',
  });
}

function pinnedApart(): Finding {
  const { load, target, warnings } = splitCpus(readAllowedCpus());
  const common = {
    name: 'pinning',
    limits: 'Whether load and target keep to CPUs of their own (--load-cpus, --target-cpus)',
  };
  if (!canPin()) {
    return { ...common, value: null, ...warn('Install taskset: sudo apt-get install util-linux') };
  }
  const value = `load ${formatCpuList(load)}, target ${formatCpuList(target)}`;
  const remedy = warnings[0]?.remedy;
  return { ...common, value, ...(remedy === undefined ? fine : warn(remedy)) };
}

/** Available without swapping (proc(5), MemAvailable), and within the control group's limit. */
function memoryAvailable({ cgroup: { memoryBytes: limit } }: Host): Finding {
  const meminfo = readSmallFile('/proc/meminfo') ?? '';
  const available = kilobytesAfter(meminfo, '\nMemAvailable:') ?? freemem();
  const bytes = Math.min(available, limit ?? Infinity);
  const within = limit === null ? '' : ` (control group: at most ${gibibytes(limit)})`;
  return finding('memory available', gibibytes(bytes) + within, {
    limits: 'The kernel takes 8 KB for both ends of a connection, the target its own share besides',
    isBad: bytes < gigabyte / 2,
    isFine: bytes >= 2 * gigabyte,
    remedy: limit === null ? 'Close other programs, or plan fewer connections' : memoryLimitRemedy,
  });
}

function cpuQuota({ cpus, cgroup: { cpus: quota } }: Host): Finding {
  const name = 'cgroup cpu quota';
  const limits = 'A quota stops all threads for the rest of a period, which shows as latency';
  if (quota === null || quota >= cpus) {
    const value = process.platform === 'linux' ? 'none' : null;
    return { name, value, limits, ...fine };
  }
  return { name, value: `${quota.toFixed(2)} of ${cpus} CPUs`, limits, ...warn(cpuQuotaRemedy) };
}

interface Judgement {
  readonly limits: string;
  readonly isBad: boolean;
  readonly isFine: boolean;
  readonly remedy: string;
}

function finding(name: string, value: string | null, judgement: Judgement): Finding {
  const { limits, isBad, isFine, remedy } = judgement;
  if (value === null) return { name, value, status: 'unknown', limits, remedy: null };
  if (isFine) return { name, value, limits, ...fine };
  return { name, value, limits, status: isBad ? 'bad' : 'warn', remedy };
}

const fine = { status: 'ok', remedy: null } as const;

function warn(remedy: string): Pick<Finding, 'status' | 'remedy'> {
  return { status: 'warn', remedy };
}
