import { afterEach, expect, it, vi } from 'vitest';
import { diagnose } from '../../src/doctor/doctor.js';
import { readHost } from '../../src/measure/host.js';
import { readKernelMemory } from '../../src/measure/kernel-memory.js';
import {
  currentThreadId,
  readOwnRssPeak,
  readThreadTimes,
  resetOwnRssPeak,
} from '../../src/measure/own-threads.js';
import { pinSelf } from '../../src/measure/pinning.js';
import { NoSuchProcessError } from '../../src/measure/process-tree.js';
import { ServerSampler } from '../../src/measure/server-sampler.js';
import { hostSchema } from '../../src/results/schema.js';

// A machine without /proc, /sys and taskset.
vi.mock('node:fs', async (original) => {
  const fail = (path: unknown): never => {
    throw Object.assign(new Error(`ENOENT: ${String(path)}`), { code: 'ENOENT' });
  };
  return {
    ...(await original<object>()),
    openSync: fail,
    readFileSync: fail,
    readdirSync: fail,
    readlinkSync: fail,
    statSync: fail,
    writeFileSync: fail,
  };
});
vi.mock('node:child_process', async (original) => ({
  ...(await original<object>()),
  spawnSync: () => ({ error: new Error('ENOENT'), status: null, stderr: '' }),
}));
const { platform } = process;
Object.defineProperty(process, 'platform', { value: 'darwin' });
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

it('every figure is null with its reason, and nothing throws', () => {
  const sampler = new ServerSampler([process.pid], { resetPeaks: true });
  sampler.start();
  const { seconds, endedRoots, unavailable, ...figures } = sampler.finish();
  expect(seconds).toBeGreaterThanOrEqual(0);
  expect(endedRoots).toEqual([]);
  expect(Object.values(figures).filter((figure) => figure !== null)).toEqual([]);
  expect(sampler.readPss()).toBeNull();
  const reasons = unavailable.map(({ reason }) => reason);
  expect(new Set(reasons)).toEqual(new Set(['needs /proc of Linux']));
  expect(unavailable.map(({ figure }) => figure)).toEqual(
    expect.arrayContaining(['cpuUserSeconds', 'rssPeakBytes', 'contextSwitches', 'pssIdleBytes']),
  );
});

it('a process that does not exist is still refused', () => {
  expect(() => new ServerSampler([2 ** 22 + 1])).toThrow(NoSuchProcessError);
});

it('c1m’s own figures are null, or come from elsewhere', () => {
  expect(currentThreadId()).toBeNull();
  expect(readThreadTimes(null)).toBeNull();
  expect(readThreadTimes(1)).toBeNull();
  expect(resetOwnRssPeak()).toBe(false);
  expect(readOwnRssPeak()).toBeGreaterThan(2 ** 20);
  expect(readKernelMemory().tcpBytes).toBeNull();
});

it('the host is described as far as it is known', () => {
  const host = readHost();
  expect(hostSchema.parse(host)).toEqual(host);
  expect(new Set(Object.values(host.limits))).toEqual(new Set([null]));
});

it('pinning says that it did not', () => {
  const pinning = pinSelf([0]);
  expect(pinning.warning?.code).toBe('not-pinned');
  pinning.restore();
});

it('the doctor knows what it does not know', () => {
  const statuses = new Map(diagnose().map(({ name, status }) => [name, status]));
  expect(statuses.get('somaxconn')).toBe('unknown');
  expect(statuses.get('pinning')).toBe('warn');
});
