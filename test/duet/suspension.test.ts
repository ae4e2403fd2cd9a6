import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { SideCounters } from '../../src/duet/side-counters.js';
import { sides } from '../../src/duet/slice-order.js';
import { Suspension } from '../../src/duet/suspension.js';
import { listProcesses } from '../../src/measure/procfs.js';
import { statFields } from '../../src/process/stat-fields.js';
import type { RunningServer } from '../../src/subject/running-server.js';
import { urlSubject } from '../../src/subject/words.js';
import { root } from '../fixtures/c1m.js';
import { serve } from '../fixtures/serve.js';

const { signal } = new AbortController();
const script = fileURLToPath(new URL('../fixtures/restless.js', import.meta.url));

/** By a word of their own on the command line, which tells the servers of this test from others. */
const commandOf = (word: string): string => `${process.execPath} ${script} server ${word}`;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function restless(word: string): Promise<Contender> {
  const command = commandOf(word);
  return contenderOf({ kind: 'command', name: word, command, path: '/', where: '--x' }, signal);
}

async function started(contender: Contender): Promise<RunningServer> {
  const server = await contender.start([], signal);
  ends.push(() => server.stop());
  return server;
}

/** Of the processes, once the kernel has delivered what was sent. */
async function states(pids: readonly number[]): Promise<string> {
  await sleep(50);
  const stateOf = (pid: number): string =>
    statFields(readFileSync(`/proc/${pid}/stat`, 'latin1'))[0]!;
  return pids.map((pid) => (stateOf(pid) === 'T' ? 'T' : '-')).join('');
}

const suspended = (base: RunningServer, head: RunningServer) => {
  const counters = { base: new SideCounters(base), head: new SideCounters(head) };
  const suspension = new Suspension({ base, head }, counters);
  ends.push(() => suspension.end());
  return { counters, suspension };
};

describe.runIf(process.platform === 'linux')('the side that is not loaded', () => {
  it('is stopped with its children and daemons, until its turn', async () => {
    const [base, head] = [await started(await restless('a')), await started(await restless('b'))];
    const { counters, suspension } = suspended(base, head);
    await expect.poll(() => sides.map((side) => counters[side].pids.length)).toEqual([3, 3]);
    const of = { base: counters.base.pids, head: counters.head.pids };
    suspension.stopBeside('base');
    const now = async () => [await states(of.base), await states(of.head)];
    // The kernel stops a process once it runs again.
    await expect.poll(now).toEqual(['---', 'TTT']);
    suspension.resume('head');
    suspension.stopBeside('head');
    await expect.poll(now).toEqual(['TTT', '---']);
    suspension.end();
    await expect.poll(now).toEqual(['---', '---']);
  });

  it('is not stopped for longer than a second', async () => {
    const [base, head] = [await started(await restless('a')), await started(await restless('b'))];
    const { counters, suspension } = suspended(base, head);
    suspension.stopBeside('base');
    const pids = counters.head.pids;
    await sleep(700);
    expect(await states(pids)).not.toContain('-');
    await sleep(500);
    expect(await states(pids)).not.toContain('T');
  });

  it('has its second anew with each stretch, however often that was begun', async () => {
    const [base, head] = [await started(await restless('a')), await started(await restless('b'))];
    const { counters, suspension } = suspended(base, head);
    suspension.stopBeside('base');
    await sleep(400);
    suspension.stopBeside('base');
    suspension.resume('head');
    suspension.stopBeside('base');
    const pids = counters.head.pids;
    await sleep(700);
    expect(await states(pids)).not.toContain('-');
    await sleep(500);
    expect(await states(pids)).not.toContain('T');
  });

  it('is left alone where c1m has not started it', async () => {
    const served = await serve();
    ends.push(() => served.stop());
    const subject = urlSubject([served.url], served.process.pid!);
    const head = await started(await contenderOf(subject, signal));
    const base = await started(await restless('a'));
    const { suspension } = suspended(base, head);
    suspension.stopBeside('base');
    expect(await states(head.pids)).toBe('-');
    suspension.stopBeside('head');
    await expect.poll(() => states(base.pids)).toBe('T');
  });

  it.each([
    ['SIGKILL', 'by the kernel'],
    ['SIGTERM', 'by process.exit'],
    ['SIGUSR2', 'by an exception'],
  ] as const)('is gone once c1m has ended at %s, %s', async (...[by]) => {
    const word = `of-${process.pid}-${by}`;
    const words = [`${root}/test/fixtures/suspended.js`, commandOf(word)];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    ends.push(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await expect.poll(() => stateOfSome(word).match(/T/g)?.length).toBe(3);
    const exited = once(child, 'exit');
    child.kill(by);
    await exited;
    await expect.poll(() => stateOfSome(word), { timeout: 5_000 }).toBe('');
  });
});

/** One letter for each process that has the word among its arguments. */
function stateOfSome(word: string): string {
  const own = `\0${word}\0`;
  return listProcesses()
    .map((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').endsWith(own)) return '';
        return statFields(readFileSync(`/proc/${pid}/stat`, 'latin1'))[0]!;
      } catch {
        return '';
      }
    })
    .filter((state) => state !== 'Z')
    .join('');
}
