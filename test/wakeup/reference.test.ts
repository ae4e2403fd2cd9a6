import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildTarget, type BuiltTarget } from '../../src/targets/build.js';
import { loadCatalog, ofRole } from '../../src/targets/catalog.js';
import { Toolchains } from '../../src/targets/toolchain.js';
import { never, startProgram } from '../program/fixtures.js';

const toolchains = new Toolchains();
const catalog = ofRole(await loadCatalog(), 'program');
/** Their timers count whole milliseconds, from a clock that they keep for a turn of the loop. */
const roundsToMillis = ['wakeup-node', 'wakeup-uvloop'];

it('there is a program for each runtime', () => {
  const runtimes = new Set(catalog.map(({ manifest }) => manifest.runtime.name));
  expect([...runtimes].sort()).toEqual(['go', 'java', 'node', 'python']);
});

describe.each(catalog.map((target) => ({ name: target.manifest.name, target })))(
  'the reference program $name',
  ({ name, target }) => {
    let built: BuiltTarget | null = null;
    let missing = '';

    beforeAll(async () => {
      const toolchain = await toolchains.find(target.manifest.runtime);
      if (toolchain.found) built = await buildTarget(target, { toolchain });
      else missing = `${toolchain.reason}. ${toolchain.remedy}`;
    });

    async function start(context: TestContext) {
      if (built !== null) return startProgram(built);
      if (process.env['C1M_REQUIRE_ALL'] === '1') expect.fail(missing);
      console.warn(`SKIPPED: ${name}: ${missing}`);
      return context.skip(missing);
    }

    it('does as many hand-overs and tasks as it is asked for', async (context) => {
      const program = await start(context);
      for (const command of ['ping-pong', 'spawn-join'] as const) {
        let few = Infinity;
        for (let i = 0; i < 5; i++) {
          const { elapsedNs } = await program.ask({ name: command, operations: 2_000 }, never);
          few = Math.min(few, elapsedNs);
        }
        const many = await program.ask({ name: command, operations: 200_000 }, never);
        expect(few).toBeGreaterThan(0);
        // A hundred times as many, and the fastest of five: a busy machine does not make up for that.
        expect(many.elapsedNs).toBeGreaterThan(5 * few);
      }
    });

    it('wakes every parked task once, and again those of the next park', async (context) => {
      const program = await start(context);
      for (const operations of [1, 3_000, 500]) {
        await program.ask({ name: 'park', operations }, never);
        const { elapsedNs, samplesNs } = await program.ask({ name: 'wake', operations }, never);
        expect(Math.min(...samplesNs!)).toBeGreaterThan(0);
        expect(Math.max(...samplesNs!)).toBe(elapsedNs);
      }
    });

    it('keeps more tasks parked in more memory', async (context) => {
      const [few, many] = [await start(context), await start(context)];
      await few.ask({ name: 'park', operations: 1_000 }, never);
      await many.ask({ name: 'park', operations: 100_000 }, never);
      if (process.platform !== 'linux') return;
      // No task with its handle and its place in a queue fits into 100 bytes.
      expect(many.readRss()! - few.readRss()!).toBeGreaterThan(100 * 99_000);
    });

    it('sleeps as long as it is asked to, and tells by how much longer', async (context) => {
      const program = await start(context);
      const timer = { name: 'timer', operations: 20, askedMicros: 5_000 } as const;
      const { elapsedNs, samplesNs, wallNs } = await program.ask(timer, never);
      const earliest = roundsToMillis.includes(name) ? -1e6 : 0;
      expect(Math.min(...samplesNs!)).toBeGreaterThanOrEqual(earliest);
      const slept = samplesNs!.reduce((sum, lateness) => sum + 5e6 + lateness, 0);
      expect(slept).toBeLessThanOrEqual(elapsedNs);
      // By c1m's own clock: at least what was asked, and no less than what the samples add up to.
      expect(wallNs).toBeGreaterThanOrEqual(20 * (5e6 + earliest));
      expect(wallNs).toBeGreaterThanOrEqual(slept);
    });

    it('ends at an unknown command with a complaint', async (context) => {
      const program = await start(context);
      program.process.child.stdin!.write('dance 3\n');
      const { code } = await program.process.exited;
      expect(code).not.toBe(0);
    });

    it('ends with its standard input, whatever is parked', async (context) => {
      const program = await start(context);
      await program.ask({ name: 'park', operations: 1_000 }, never);
      program.process.child.stdin!.end();
      const { code, signal } = await program.process.exited;
      expect({ code, signal }).toEqual({ code: 0, signal: null });
    });
  },
);
