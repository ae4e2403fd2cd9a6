import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { serve, type Served } from '../fixtures/serve.js';

const servers: Served[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.stop()));

type Surroundings = Parameters<typeof c1m>[2];

async function watched(how: string, surroundings: Surroundings) {
  const server = await serve();
  servers.push(server);
  const flags = ['--sched', how, '--pid', String(server.process.pid), '-n', '500', '--json'];
  const { code, stdout, stderr } = await c1m(
    ['run', ...flags, server.url],
    undefined,
    surroundings,
  );
  expect(code, stderr).toBe(0);
  const [document = '', ...after] = stdout.split('\n---\n');
  const result = JSON.parse(document) as RunResult;
  const phase = result.targets[0]!.trials[0]!.phases[0]!;
  const warning = result.warnings.find(({ code }) => code === 'scheduling-fallback');
  return { scheduling: phase.server!.scheduling!, warning, result, after: after.join('') };
}

describe('where an instrument is missing, the next best one takes its place', () => {
  it('without bpftrace and perf: /proc', async () => {
    const { scheduling, warning } = await watched('ebpf', { env: { PATH: '/nonexistent' } });
    expect(scheduling).toMatchObject({ source: 'proc', valid: true, runQueueUs: null });
    expect(scheduling.contextSwitches!.voluntary).toBeGreaterThan(0);
    expect(warning!.message).toContain('bpftrace is not installed');
    expect(warning!.message).toContain('by proc, where');
    expect(warning!.remedy).toContain('apt install bpftrace');
  });

  it('without root: /proc, and it says that root is needed', async () => {
    // A user that no name space knows.
    const { scheduling, warning } = await watched('auto', { under: ['unshare', '--user'] });
    expect(scheduling.source).toBe('proc');
    expect(warning!.message).toContain('needs root');
    expect(warning!.remedy).toContain('sudo');
  });

  it('as a root without capabilities, as in a container: /proc', async () => {
    const under = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
    const { scheduling, warning } = await watched('auto', { under });
    expect(scheduling.source).toBe('proc');
    expect(warning!.message.length).toBeGreaterThan(0);
  });

  it('and nothing is said where /proc was asked for, or nothing', async () => {
    const { scheduling, result } = await watched('proc', {});
    expect(scheduling.source).toBe('proc');
    expect(result.warnings).toEqual([]);
    const off = await watched('off', {});
    expect(off.scheduling).toBeNull();
  });
});

describe.runIf(hasEbpf)(`where tracefs is not mounted${withoutEbpf}`, () => {
  it('it is for the tracer alone, and for no one else', async () => {
    const without = 'umount -l /sys/kernel/tracing; "$@"; echo ---; grep tracefs /proc/self/mounts';
    const ended = `${without}; true`;
    const under = ['unshare', '--mount', 'sh', '-c', ended, 'without-tracefs'];
    const { scheduling, warning, after } = await watched('ebpf', { under });
    expect(warning).toBeUndefined();
    expect(scheduling.source).toBe('ebpf');
    expect(scheduling.requests!.taken).toBe(500);
    expect(after).not.toContain('tracefs');
  });
});
