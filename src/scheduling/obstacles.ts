import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { SchedulingSource } from '../results/scheduling-source.js';
import type { Instrument } from './trace-script.js';
import { tracefsMounted } from './tracefs.js';

/** Why an instrument cannot work here, and what to do about it. */
export interface Obstacle {
  readonly reason: string;
  readonly remedy: string;
}

const oldestBpftrace = [0, 17];
const kernelTypes = '/sys/kernel/btf/vmlinux';

/** What stands in the way of an instrument, as far as it shows before it is tried. Never throws. */
export function obstacleTo(source: SchedulingSource): Obstacle | null {
  if (process.platform !== 'linux') {
    return { reason: 'this is not Linux', remedy: 'Run c1m and the server on Linux' };
  }
  switch (source) {
    case 'ebpf':
      return notRoot('eBPF') ?? withoutBpftrace() ?? withoutTypes() ?? withoutTracing();
    case 'perf':
      return notRoot('perf sched') ?? withoutPerf() ?? withoutTracing();
    case 'proc':
      return null;
  }
}

function notRoot(what: string): Obstacle | null {
  if (process.geteuid?.() === 0) return null;
  return { reason: `${what} needs root`, remedy: 'Run c1m with sudo' };
}

function withoutBpftrace(): Obstacle | null {
  const remedy = 'Install bpftrace ≥ 0.17: apt install bpftrace';
  const said = output('bpftrace', ['--version']);
  if (said === null) return { reason: 'bpftrace is not installed', remedy };
  const [, major, minor] = /v?(\d+)\.(\d+)/.exec(said) ?? [];
  const [leastMajor = 0, leastMinor = 0] = oldestBpftrace;
  const recent =
    Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
  return recent ? null : { reason: `${said} is too old`, remedy };
}

function withoutTypes(): Obstacle | null {
  if (existsSync(kernelTypes)) return null;
  return {
    reason: `this kernel does not describe its types (no ${kernelTypes})`,
    remedy: 'Use a kernel that is built with CONFIG_DEBUG_INFO_BTF, as distributions do',
  };
}

function withoutPerf(): Obstacle | null {
  if (output('perf', ['--version']) !== null) return null;
  return { reason: 'perf is not installed', remedy: 'Install it: apt install linux-perf' };
}

function withoutTracing(): Obstacle | null {
  if (tracefsMounted()) return null;
  if (
    output('unshare', ['--mount', 'mount', '-t', 'tracefs', 'tracefs', '/sys/kernel/tracing']) !==
    null
  )
    return null;
  return {
    reason: 'tracefs is not mounted, and cannot be mounted from here',
    remedy: 'mount -t tracefs tracefs /sys/kernel/tracing, or in a container: run it privileged',
  };
}

/** By the kernel's own description of its types, which is there before tracefs is. */
export function socketInstrument(): Instrument {
  const types = readFileSync(kernelTypes);
  return types.includes('btf_trace_sk_data_ready') ? 'tracepoints' : 'kprobes';
}

function output(command: string, words: readonly string[]): string | null {
  try {
    return execFileSync(command, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    }).trim();
  } catch {
    return null;
  }
}
