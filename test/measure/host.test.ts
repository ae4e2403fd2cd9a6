import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cgroupWarnings, parseCpuMax, parseGroup } from '../../src/measure/cgroup.js';
import { diagnose } from '../../src/doctor/doctor.js';
import { fingerprint, parseOpenFilesLimit, readHost } from '../../src/measure/host.js';
import { readKernelMemory } from '../../src/measure/kernel-memory.js';
import {
  currentThreadId,
  readOwnRssPeak,
  readThreadTimes,
  resetOwnRssPeak,
} from '../../src/measure/own-threads.js';
import { systemConstants } from '../../src/measure/system-constants.js';
import { hostSchema } from '../../src/results/schema.js';
import { hasInstrument } from './measured-process.js';

const onLinux = process.platform === 'linux';

describe('the host', () => {
  it('fits the result document', () => {
    const host = readHost();
    expect(hostSchema.parse(host)).toEqual(host);
    expect(host.fingerprint).toMatch(/^[0-9a-f]{12}$/);
  });

  it('keeps its fingerprint over a reboot and a patch, and changes it with the hardware', () => {
    const host = { ...readHost(), memoryBytes: 16 * 2 ** 30, kernel: '6.1.20-3-amd64' };
    expect(fingerprint({ ...host, memoryBytes: host.memoryBytes - 2 ** 27 })).toBe(
      fingerprint(host),
    );
    expect(fingerprint({ ...host, kernel: '6.1.99' })).toBe(fingerprint(host));
    expect(fingerprint({ ...host, kernel: '6.18.1' })).not.toBe(fingerprint(host));
    expect(fingerprint({ ...host, cpus: host.cpus + 1 })).not.toBe(fingerprint(host));
    expect(fingerprint({ ...host, governor: 'powersave' })).not.toBe(fingerprint(host));
    const cgroup = { cpus: 0.5, memoryBytes: null };
    expect(fingerprint({ ...host, cgroup })).not.toBe(fingerprint(host));
  });

  it.runIf(onLinux && hasInstrument('getconf', 'PAGESIZE'))('agrees with getconf', () => {
    const ask = (name: string): number =>
      Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
    expect(systemConstants).toEqual({ pageBytes: ask('PAGESIZE'), ticksPerSecond: ask('CLK_TCK') });
  });

  it.runIf(onLinux)('has the limits that a shell prints', () => {
    const limit = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    const somaxconn = execFileSync('cat', ['/proc/sys/net/core/somaxconn'], { encoding: 'utf8' });
    expect(readHost().limits).toMatchObject({ nofile_soft: limit, somaxconn: somaxconn.trim() });
  });

  it('reads an unlimited number of files', () => {
    const text =
      'Limit  Soft Limit  Hard Limit  Units\nMax open files   1024   unlimited   files\n';
    expect(parseOpenFilesLimit(text)).toEqual({ soft: '1024', hard: 'unlimited' });
  });
});

describe('a control group', () => {
  it('has a quota in CPUs, or none', () => {
    expect(parseCpuMax('150000 100000\n')).toBe(1.5);
    expect(parseCpuMax('max 100000\n')).toBeNull();
    expect(parseCpuMax('-1 100000')).toBeNull();
    expect(parseCpuMax('')).toBeNull();
  });

  it('is warned of where it limits, and not where the host has no more than it allows', () => {
    const host = { ...readHost(), cpus: 4, memoryBytes: 2 ** 33 };
    const codes = (cgroup: typeof host.cgroup): string[] =>
      cgroupWarnings({ ...host, cgroup }).map(({ code }) => code);
    expect(codes({ cpus: 1.5, memoryBytes: 2 ** 32 })).toEqual([
      'cgroup-cpu-quota',
      'cgroup-memory-limit',
    ]);
    expect(codes({ cpus: 4, memoryBytes: 2 ** 33 })).toEqual([]);
    expect(codes({ cpus: null, memoryBytes: null })).toEqual([]);
  });

  it('is found by its controller, in both versions', () => {
    const text = '4:cpu,cpuacct:/one:two/x\n3:memory:/m\n0::/v2/path\n';
    expect(parseGroup(text, 'cpu')).toBe('/one:two/x');
    expect(parseGroup(text, 'memory')).toBe('/m');
    expect(parseGroup(text, '')).toBe('/v2/path');
    expect(parseGroup(text, 'io')).toBeNull();
  });
});

describe('the doctor', () => {
  const limits = {
    nofile_soft: '1000',
    nofile_hard: '4096',
    ip_local_port_range: '32768 60999',
    somaxconn: '65535',
    tcp_max_syn_backlog: '512',
    nf_conntrack_max: '2000',
    tcp_mem: '185000 246000 370000',
    tcp_tw_reuse: '2',
  };
  const findings = diagnose({ ...readHost(), cpus: 1, governor: 'powersave', limits });
  const statusOf = (name: string): unknown => findings.find((line) => line.name === name)?.status;

  it('judges each limit', () => {
    expect(statusOf('cores')).toBe('warn');
    expect(statusOf('ulimit -n')).toBe('bad');
    expect(statusOf('ip_local_port_range')).toBe('warn');
    expect(statusOf('somaxconn')).toBe('ok');
    expect(statusOf('tcp_max_syn_backlog')).toBe('warn');
    expect(statusOf('nf_conntrack_max')).toBe('bad');
    expect(statusOf('tcp_mem')).toBe('ok');
    expect(statusOf('cpu governor')).toBe('warn');
  });

  it('has a remedy for all that is not as it should be, and for nothing else', () => {
    for (const { name, status, remedy } of findings) {
      expect(remedy !== null, name).toBe(status === 'warn' || status === 'bad');
    }
    expect(findings.find(({ name }) => name === 'ulimit -n')?.remedy).toBe('ulimit -n 4096');
  });

  it('can say something about this machine', () => {
    expect(diagnose()).toHaveLength(findings.length);
  });
});

describe.runIf(onLinux)('this process', () => {
  it('knows its own thread and its times', () => {
    const before = readThreadTimes(currentThreadId())!;
    const until = performance.now() + 200;
    const usage = process.cpuUsage();
    while (performance.now() < until);
    const { user, system } = process.cpuUsage(usage);
    const after = readThreadTimes(currentThreadId())!;
    const cpuMillis = after.cpuMillis - before.cpuMillis;
    // The process has other threads, whose time is in getrusage's; a tick of 4 to 10 ms is not yet in schedstat's.
    expect(cpuMillis).toBeLessThanOrEqual((user + system) / 1000 + 10);
    expect(cpuMillis).toBeGreaterThan((user + system) / 1000 - 60);
  });

  it('knows its own peak of memory', () => {
    expect(resetOwnRssPeak()).toBe(true);
    const before = readOwnRssPeak();
    const filled = Buffer.alloc(64 * 2 ** 20, 1);
    const grown = readOwnRssPeak() - before;
    expect(filled[0]).toBe(1);
    expect(grown).toBeGreaterThan(60 * 2 ** 20);
    expect(readOwnRssPeak() / (process.resourceUsage().maxRSS * 1024)).toBeCloseTo(1, 1);
  });

  it('sees the kernel’s memory', () => {
    const kernel = readKernelMemory();
    expect(kernel.tcpBytes).toBeGreaterThanOrEqual(0);
    expect(kernel.slabBytes).toBeGreaterThanOrEqual(kernel.slabUnreclaimableBytes!);
  });
});
