import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readAllowedCpus } from '../../src/measure/cpus.js';
import { TargetError } from '../../src/targets/target-error.js';
import type { Program } from '../../src/program/program.js';
import { hasInstrument } from '../measure/measured-process.js';
import { eventually, isRunning } from '../targets/fixtures.js';
import { never, programTarget, startProgram } from './fixtures.js';

const onLinux = process.platform === 'linux';
const hasTaskset = onLinux && hasInstrument('taskset', '--version');
const hasPerf = onLinux && hasInstrument('perf', '--version');

/** Two threads of the kernel that wake each other in turn by futexes. */
const futexes = {
  before: `
    const cells = new Int32Array(new SharedArrayBuffer(8));
    const give = (to) => { Atomics.add(cells, to, 1); Atomics.notify(cells, to); };
    const code = \`
      const { workerData: cells } = require('node:worker_threads');
      for (let seen = 0; ; seen++) {
        Atomics.wait(cells, 1, seen);
        Atomics.add(cells, 0, 1);
        Atomics.notify(cells, 0);
      }\`;
    new Worker(code, { eval: true, workerData: cells }).unref();`,
  body: `
    const start = performance.now();
    for (let i = 0; i < a / 2; i++) {
      const seen = Atomics.load(cells, 0);
      give(1);
      Atomics.wait(cells, 0, seen);
    }
    say({ operations: a, elapsedNs: Math.round((performance.now() - start) * 1e6) });`,
};

describe.runIf(hasPerf)('the context switches of a command', () => {
  it('are those that perf counts', async () => {
    const program = await startProgram(await programTarget(futexes.body, futexes));
    const pingPong = { name: 'ping-pong', operations: 4_000 } as const;
    await program.ask(pingPong, never);
    const perf = spawn('perf', [
      ...['stat', '-x,', '-e', 'context-switches', '-p', `${program.process.pid}`],
    ]);
    let report = '';
    perf.stderr.on('data', (chunk: Buffer) => (report += chunk.toString()));
    // It counts a moment after it has an event of the kernel's for each thread.
    const threads = readdirSync(`/proc/${program.process.pid}/task`).length;
    const attached = () => Promise.resolve(eventsOf(perf.pid!) >= threads);
    expect(await eventually(attached, 20_000)).toBe(true);
    await delay(500);
    const { contextSwitches } = await program.ask(pingPong, never);
    perf.kill('SIGINT');
    await once(perf, 'close');
    const truth = Number(/^(\d+),,context-switches/m.exec(report)?.[1]);
    expect(truth).toBeGreaterThan(2_000);
    const counted = contextSwitches!.voluntary + contextSwitches!.involuntary;
    expect(Math.abs(counted - truth), `${counted} for ${truth}`).toBeLessThan(0.02 * truth);
  });
});

function eventsOf(pid: number): number {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).filter((fd) =>
      readlinkSync(`${folder}/${fd}`).includes('perf_event'),
    ).length;
  } catch {
    return 0;
  }
}

describe('a command', () => {
  it.runIf(onLinux)(
    'whose operations are threads that end has no switches, as they took theirs with them',
    async () => {
      const program = await startProgram(
        await programTarget(`
          const start = performance.now();
          for (let i = 0; i < a; i++) {
            await new Promise((resolve) => new Worker('', { eval: true }).on('exit', resolve));
          }
          say({ operations: a, elapsedNs: Math.round((performance.now() - start) * 1e6) });`),
      );
      const { contextSwitches } = await program.ask({ name: 'spawn-join', operations: 10 }, never);
      expect(contextSwitches).toBeNull();
    },
  );

  it.runIf(hasTaskset)(
    'waits for its CPU while getrusage(2) says that it does not run',
    async () => {
      const cpu = readAllowedCpus().at(-1)!;
      const rival = spawn('taskset', ['-c', `${cpu}`, process.execPath, '-e', 'for (;;);']);
      try {
        // It answers its CPU time as what it took, and what passed by its clock as a sample.
        const built = await programTarget(`
          const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
          const start = performance.now(), before = used();
          while (performance.now() - start < a);
          const passed = Math.round((performance.now() - start) * 1e6);
          say({ operations: b, elapsedNs: (used() - before) * 1000, samplesNs: [passed] });`);
        const program = await startProgram(built, [cpu]);
        const spin = { name: 'timer', operations: 1, askedMicros: 1_000 } as const;
        const { elapsedNs, samplesNs, wallNs, runQueueDelayNs } = await program.ask(spin, never);
        expect(runQueueDelayNs).toBeGreaterThan(200e6);
        // The counters run for longer than its own clock, and for less than that of c1m.
        const slack = 0.05 * wallNs;
        expect(runQueueDelayNs).toBeGreaterThan(samplesNs![0]! - elapsedNs - slack);
        expect(runQueueDelayNs).toBeLessThan(wallNs - elapsedNs + slack);
      } finally {
        rival.kill('SIGKILL');
      }
    },
  );

  it('takes as long by the clock of c1m as by its own, which never says more', async () => {
    const program = await startProgram(
      await programTarget(`
        const start = performance.now();
        while (performance.now() - start < a);
        say({ operations: a, elapsedNs: Math.round((performance.now() - start) * 1e6) });`),
    );
    const beyond: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { elapsedNs, wallNs } = await program.ask(
        { name: 'ping-pong', operations: 200 },
        never,
      );
      expect(elapsedNs).toBeGreaterThanOrEqual(200e6);
      expect(elapsedNs).toBeLessThanOrEqual(wallNs);
      beyond.push(wallNs - elapsedNs);
    }
    // One of five that was not held up at its edges, however busy the machine is.
    expect(Math.min(...beyond)).toBeLessThan(50e6);
  });
});

describe('a program that breaks its contract is named with what it did', () => {
  const ask = (program: Program, name: 'ping-pong' | 'wake' = 'ping-pong') =>
    program.ask({ name, operations: 10 }, never);

  async function complaint(
    body: string,
    name: 'ping-pong' | 'wake' = 'ping-pong',
    timeoutSeconds = 30,
  ): Promise<TargetError> {
    const program = await startProgram(await programTarget(body, { timeoutSeconds }));
    const error: unknown = await ask(program, name).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TargetError);
    expect((error as TargetError).remedy).toContain('targets/PROGRAM.md');
    return error as TargetError;
  }

  it.each([
    ['is not JSON', `process.stdout.write('done\\n');`, 'it is no answer: done'],
    ['lacks a field', `say({ operations: 10 });`, 'it is no answer: {"operations":10}'],
    [
      'has another count',
      `say({ operations: 9, elapsedNs: 1 });`,
      'it counts 9 operations, not 10',
    ],
    ['claims more time than passed', `say({ operations: 10, elapsedNs: 1e15 });`, 'it claims'],
  ])('an answer that %s', async (_, body, expected) => {
    const { message } = await complaint(body);
    expect(message).toContain('fixture: wrong answer to “ping-pong 10”');
    expect(message).toContain(expected);
  });

  it('an answer without a sample for each operation', async () => {
    const { message } = await complaint(
      `say({ operations: 10, elapsedNs: 1, samplesNs: [1, 2] });`,
      'wake',
    );
    expect(message).toContain('it has 2 samplesNs, not one for each of 10 operations');
  });

  it('a line that nobody asked for', async () => {
    const program = await startProgram(
      await programTarget(`say({ operations: 10, elapsedNs: 1 }); say('and more');`),
    );
    await ask(program);
    // The second line may take a moment; each command before it comes is answered as it should be.
    const failed = async () =>
      ask(program).then(
        () => false,
        (error: unknown) => (error as Error).message.includes('and more'),
      );
    expect(await eventually(failed, 10_000)).toBe(true);
  });

  it('an end in the middle of a command, with what it said', async () => {
    const { kind, message } = await complaint(`console.error('out of luck'); process.exit(7);`);
    expect(kind).toBe('exited-early');
    expect(message).toContain('ended with exit code 7 at the command “ping-pong 10”');
    expect(message).toContain('out of luck');
  });

  it('no answer in time, and it does not outlive that', async () => {
    const program = await startProgram(await programTarget('for (;;);', { timeoutSeconds: 0.5 }));
    await expect(ask(program)).rejects.toThrow('there was none within 0.5 s');
    await program.end();
    expect(await isRunning(program.process.pid)).toBe(false);
  });

  it('an abort ends the wait', async () => {
    const program = await startProgram(await programTarget('await new Promise(() => {});'));
    const interrupt = new AbortController();
    const asked = program.ask({ name: 'ping-pong', operations: 10 }, interrupt.signal);
    interrupt.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
  });
});
