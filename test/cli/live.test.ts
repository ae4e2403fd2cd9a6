import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { onTerminal, type OnTerminal } from '../fixtures/pseudo-terminal.js';
import { serve, type Served } from '../fixtures/serve.js';
import { targetFolder } from '../fixtures/target-folder.js';
import { hasInstrument } from '../measure/measured-process.js';

const hasPython = process.platform !== 'win32' && hasInstrument('python3', '--version');

let served: Served | undefined;
afterEach(() => served?.stop());

/** The terminal is as the shell left it: nothing of c1m, and a cursor where it was. */
function expectClean(terminal: OnTerminal): void {
  expect(terminal.screen()).toEqual(['before']);
  expect(terminal.cursor()).toEqual({ x: 0, y: 1, shown: true });
}

function responsesOf(terminal: OnTerminal): number {
  const result = JSON.parse(terminal.stdout()) as RunResult;
  return result.targets[0]!.trials[0]!.load.responses;
}

function figure(frame: readonly string[], label: string): string {
  return frame.find((line) => line.startsWith(label))?.slice(13) ?? '';
}

const count = (text: string): number => Number(text.replaceAll(',', ''));

describe.runIf(hasPython)('the live view', () => {
  it('shows what the load does, in place, and its last count is that of the report', async () => {
    served = await serve();
    const pid = String(served.process.pid);
    const args = ['run', '-d', '3s', '-c', '8', '--pid', pid, '--json', served.url];
    const terminal = onTerminal(args, 80, 24);
    const began = performance.now();
    await terminal.shows(/p99 +[\d.]+ .?s +[▁-█]{2}/);
    const seconds = (performance.now() - began) / 1000;
    expect(terminal.frames.length).toBeLessThanOrEqual(10 * seconds + 1);
    await terminal.ended;
    const responses = terminal.frames.map((frame) => count(figure(frame, 'responses')));
    expect(responses.at(-1)).toBe(responsesOf(terminal));
    expect(responses).toEqual([...responses].sort((a, b) => a - b));
    const frame = terminal.frames.at(-1)!;
    expect(frame[0]).toBe('before');
    expect(frame[1]).toMatch(/^throughput +━+  3\/3 s, 0 s left$/);
    expect(figure(frame, 'requests/s')).toMatch(/^[\d,]+ +[▁-█]{3}$/);
    expect(figure(frame, 'connections')).toBe('8 of 8 open');
    expect(figure(frame, 'errors')).toBe('none');
    expect(figure(frame, 'server')).toMatch(/^RSS [\d.]+ MB, \d\.\d\d of \d+ CPUs?$/);
    expect(figure(frame, 'generator')).toMatch(/CPU [\d.]+ %/);
    expect(terminal.output()).toContain('\x1b[36m');
    expect(terminal.wrapped()).toBe(false);
    expectClean(terminal);
  });

  it('fits into 40 columns, and into fewer', async () => {
    served = await serve('reset');
    const url = `${served.url}${'x'.repeat(60)}`;
    const narrow = onTerminal(['run', '-d', '2s', '-c', '4', url], 40, 12);
    const tiny = onTerminal(['run', '-d', '2s', '-c', '4', url], 12, 4);
    await narrow.shows(/errors +[\d,]+ [a-z-]+/);
    await tiny.shows(/^throughput/m);
    await Promise.all([narrow.ended, tiny.ended]);
    expect(Math.max(...narrow.frames.flat().map((line) => line.length))).toBeLessThanOrEqual(39);
    expect(Math.max(...tiny.frames.flat().map((line) => line.length))).toBeLessThanOrEqual(11);
    for (const terminal of [narrow, tiny]) {
      expect(terminal.wrapped()).toBe(false);
      expectClean(terminal);
    }
  });

  it('follows the terminal when it is resized', async () => {
    served = await serve();
    const terminal = onTerminal(['run', '-d', '5s', '-c', '4', served.url], 100, 24);
    await terminal.shows(/p99 +[\d.]+ /);
    for (const [columns, rows] of [
      [42, 20],
      [70, 9],
      [120, 30],
    ] as const) {
      terminal.resize(columns, rows);
      const before = terminal.frames.length;
      while (terminal.frames.length < before + 3) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const frame = terminal.frames.at(-1)!.filter((line) => line !== '');
      expect(Math.max(...frame.map((line) => line.length)), frame.join('\n')).toBeLessThan(columns);
      expect(frame.filter((line) => line.startsWith('throughput'))).toHaveLength(1);
      expect(frame.filter((line) => line.startsWith('responses'))).toHaveLength(1);
    }
    await terminal.ended;
    expectClean(terminal);
  });

  it('leaves nothing behind at Ctrl-C, and prints what was measured', async () => {
    served = await serve();
    const terminal = onTerminal(['run', '-d', '1m', '--json', served.url], 80, 24);
    await terminal.shows(/requests\/s/);
    terminal.type('\x03');
    expect(await terminal.ended).toBe(130);
    expect(responsesOf(terminal)).toBeGreaterThan(0);
    expectClean(terminal);
  });

  it('nor at a second one', async () => {
    served = await serve();
    const terminal = onTerminal(['run', '-d', '1m', served.url], 80, 24);
    await terminal.shows(/responses/);
    // Of two that are equal, the kernel may deliver one.
    process.kill(terminal.pid(), 'SIGINT');
    process.kill(terminal.pid(), 'SIGTERM');
    expect(await terminal.ended).toBe(130);
    expectClean(terminal);
  });

  it('gives the terminal back while it is suspended', async () => {
    served = await serve();
    const terminal = onTerminal(['run', '-d', '1m', served.url], 80, 24);
    await terminal.shows(/responses/);
    terminal.type('\x1a');
    // Not before it is stopped: what continues it would come too early.
    const status = `/proc/${terminal.pid()}/status`;
    const isStopped = (): boolean => /^State:\s+T/m.test(readFileSync(status, 'utf8'));
    while (!isStopped() || terminal.screen().length > 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expectClean(terminal);
    process.kill(terminal.pid(), 'SIGCONT');
    await terminal.shows(/responses/);
    terminal.type('\x03');
    expect(await terminal.ended).toBe(130);
    expectClean(terminal);
  });

  it('makes room for an error', async () => {
    const stillborn = targetFolder(
      'stillborn',
      'const at = Date.now() + 1_000; while (Date.now() < at); process.exit(3);',
    );
    const args = ['run', 'stillborn', '-d', '20s', '--targets', stillborn];
    const terminal = onTerminal(args, 80, 24);
    await terminal.shows(/starting/);
    expect(await terminal.ended).toBe(1);
    expect(terminal.screen().join('\n')).toMatch(/^before\n[^\n]*exited|ended/);
    expect(terminal.screen().join('\n')).not.toContain('starting');
    expect(terminal.cursor().shown).toBe(true);
  });

  it('has no colour with NO_COLOR, and is there all the same', async () => {
    served = await serve();
    const args = ['run', '-d', '900ms', '-c', '4', served.url];
    const terminal = onTerminal(args, 80, 24, { NO_COLOR: '1' });
    await terminal.shows(/responses/);
    await terminal.ended;

    expect(terminal.output()).not.toMatch(/\x1b\[[\d;]*m/);
    expectClean(terminal);
  });

  it('shows how far c1m compare is, and the server that it has started, and c1m gate --baseline', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
    const scenario = join(folder, 'load.yaml');
    const phases =
      '{name: load, duration: 2s, connections: 4}, {name: more, duration: 1s, connections: 4}';
    writeFileSync(scenario, `name: load\nrequests: [{path: /}]\nphases: [${phases}]\n`);
    const sound = targetFolder('sound', '');
    const flags = ['--scenario', scenario, '--trials', '2', '-o', folder, '--targets', sound];
    const terminal = onTerminal(['compare', 'sound', ...flags], 80, 24);
    await terminal.shows(/sound \(1 of 2\)[^]*load \(1 of 2\)[^]*server +RSS/);
    await terminal.shows(/sound \(2 of 2\) .*about \d+ s left/);
    expect(await terminal.ended).toBe(0);
    expect(terminal.wrapped()).toBe(false);
    expectClean(terminal);

    const again = onTerminal(['gate', '--baseline', folder, '--trials', '2', sound], 80, 24);
    await again.shows(/sound \(1 of 2\)[^]*load \(1 of 2\)[^]*server +RSS/);
    expect(await again.ended).not.toBe(1);
    expectClean(again);
  });

  it('shows which pair c1m gate measures, and what is left of its budget', async () => {
    served = await serve();
    const args = ['gate', '--base-url', served.url, '--head-url', served.url, '--budget', '20s'];
    const terminal = onTerminal(args, 80, 24);
    await terminal.shows(/pair 1: \d+ of \d+ metrics open +━*─* +at most \d+ s left/);
    terminal.type('\x03');
    expect(await terminal.ended).toBe(130);
    expectClean(terminal);
  });
});

describe('progress in lines', () => {
  const lines = (stderr: string): string[] => stderr.trim().split('\n');
  const line = /^throughput {2}\d\/6 s, \d s left {2}([\d,]+) responses, .* 3\/3 connections/;

  it('is what a log gets: every five seconds and at the end, without control characters', async () => {
    served = await serve('delay', '20');
    const args = ['run', '-d', '6s', '-c', '3', '--json', served.url];
    const { stdout, stderr } = await c1m(args, undefined, { env: { NO_COLOR: '' } });
    const { responses } = (JSON.parse(stdout) as RunResult).targets[0]!.trials[0]!.load;
    expect(stderr).not.toContain('\x1b');
    expect(lines(stderr).length).toBeLessThanOrEqual(3);
    for (const one of lines(stderr).slice(-2)) expect(one).toMatch(line);
    // The server's delay, and what a busy machine adds to it.
    expect(Number(/p50 ([\d.]+) ms/.exec(lines(stderr).at(-2)!)![1])).toBeGreaterThanOrEqual(20);
    expect(count(line.exec(lines(stderr).at(-1)!)![1]!)).toBe(responses);
  });

  it.runIf(hasPython)('is what a terminal gets with --no-live', async () => {
    served = await serve('delay', '20');
    const args = ['run', '-d', '6s', '-c', '3', '--no-live', '--json', served.url];
    const terminal = onTerminal(args, 200, 24);
    await terminal.ended;
    expect(terminal.output()).not.toContain('\x1b');
    expect(terminal.screen().at(-1)).toMatch(line);
    expect(count(line.exec(terminal.screen().at(-1)!)![1]!)).toBe(responsesOf(terminal));
  });

  it.runIf(hasPython).each([{ CI: 'true' }, { C1M_NO_LIVE: '1' }, { TERM: 'dumb' }])(
    'is what a terminal gets with %o',
    async (env) => {
      served = await serve();
      const terminal = onTerminal(['run', '-d', '900ms', served.url], 80, 24, env);
      await terminal.ended;
      expect(terminal.output()).toBe('before\r\n');
    },
  );
});
