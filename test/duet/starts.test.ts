import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { startSides, startsSlowly } from '../../src/duet/starts.js';
import { readAllowedCpus } from '../../src/measure/cpus.js';

const { signal } = new AbortController();
const allowed = readAllowedCpus();
const [one, other] = allowed;

/** A server that takes so long to be up. */
function starting(afterMs: number, then = "res.end('ok')"): Promise<Contender> {
  const serve = `require('http').createServer((_, res) => ${then}).listen(process.env.PORT)`;
  const script = `setTimeout(() => { ${serve} }, ${afterMs})`;
  const command = `node -e "${script}"`;
  return contenderOf(
    { kind: 'command', name: 'slow', command, path: '/', where: '--base-command' },
    signal,
  );
}

function cpusOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)![1]!;
}

describe('a slow start', () => {
  it('is one of more than a second', () => {
    expect([null, 900, 1_100].map(startsSlowly)).toEqual([false, false, true]);
  });

  it.skipIf(process.platform !== 'linux' || allowed.length < 2)(
    'is made beside the other side’s, each on CPUs of its own, and is their start-up time',
    async () => {
      const contenders = { base: await starting(1_500), head: await starting(1_500) };
      const places = { targetCpus: [one!], asideCpus: [other!], random: () => 0.3 };
      const began = performance.now();
      const { up, startupMs } = await startSides(contenders, places, true, signal);
      const tookMs = performance.now() - began;
      try {
        expect(startupMs.base).toBeGreaterThan(1_500);
        expect(startupMs.head).toBeGreaterThan(1_500);
        expect(tookMs).toBeLessThan(startupMs.base! + startupMs.head!);
        expect([cpusOf(up.base.pids[0]!), cpusOf(up.head.pids[0]!)]).toEqual([
          `${other}`,
          `${one}`,
        ]);
        // Where they are to run from now on.
        expect([up.base.cpus, up.head.cpus]).toEqual([[one], [one]]);
      } finally {
        await Promise.all([up.base.stop(), up.head.stop()]);
      }
    },
  );

  it('of a side that does not come up stops the other one', async () => {
    const pids: number[] = [];
    const base = await starting(10);
    const watched: Contender = {
      ...base,
      start: async (...where) => {
        const server = await base.start(...where);
        pids.push(...server.pids);
        return server;
      },
    };
    const head = await starting(10, 'process.exit(3)');
    const places = { targetCpus: [], asideCpus: [], random: () => 0.3 };
    await expect(startSides({ base: watched, head }, places, false, signal)).rejects.toThrow(
      /exit code 3/,
    );
    expect(pids).toHaveLength(1);
    expect(existsSync(`/proc/${pids[0]}`)).toBe(false);
  });
});
