import { describe, expect, it } from 'vitest';
import type { BuiltTarget } from '../../src/targets/build.js';
import type { Parked } from '../../src/results/wakeup.js';
import { measureParked } from '../../src/wakeup/park.js';
import type { WakeupSettings } from '../../src/wakeup/settings.js';
import { never, programTarget } from '../program/fixtures.js';

const most = { kind: 'share', share: 0.9 } as const;

async function parkedIn(
  built: BuiltTarget,
  parkedTasks: readonly number[],
  memoryLimit: WakeupSettings['memoryLimit'] = most,
): Promise<Parked> {
  let last: Parked | null = null;
  const settings = { parkedTasks, memoryLimit };
  for await (const parked of measureParked(built, settings, [], never)) last = parked;
  return last!;
}

/** Every byte written, so that no page is left unmapped or shared. */
const oneKibibyteEach = `
  globalThis.kept = Buffer.alloc(1024 * a, 7);
  say({ operations: a, elapsedNs: 1 });`;

describe.runIf(process.platform === 'linux')('the bytes of a parked task', () => {
  it('are 1,024 where a program takes just these', async () => {
    const parked = await parkedIn(await programTarget(oneKibibyteEach), [200_000, 20_000, 100_000]);
    expect(parked.points.map(({ tasks }) => tasks)).toEqual([20_000, 100_000, 200_000]);
    const { slope, low, high, r2 } = parked.bytesPerTask!;
    expect(Math.abs(slope - 1024)).toBeLessThan(0.03 * 1024);
    expect(low).toBeLessThan(slope);
    expect(high).toBeGreaterThan(slope);
    expect(r2).toBeGreaterThan(0.99);
    expect(parked.skipped).toEqual([]);
  });

  it('are unknown from two counts, through which every line fits', async () => {
    const parked = await parkedIn(await programTarget(oneKibibyteEach), [10_000, 20_000]);
    expect(parked.points).toHaveLength(2);
    expect(parked.bytesPerTask).toBeNull();
  });

  it('leave out a count that would not fit into memory, with the reason', async () => {
    const limit = { kind: 'bytes', bytes: 2 * 2 ** 30 } as const;
    const built = await programTarget(oneKibibyteEach);
    const { points, skipped } = await parkedIn(built, [10_000, 100_000_000], limit);
    expect(points.map(({ tasks }) => tasks)).toEqual([10_000]);
    expect(skipped).toMatchObject([{ tasks: 100_000_000 }]);
    expect(skipped[0]!.reason).toMatch(/would take about \d+\.\d GiB, and the limit is 2\.0 GiB/);
    expect(skipped[0]!.remedy).toContain('--memory-limit');
  });

  it('leave out a count that turns out not to fit, before it takes the memory of others', async () => {
    const limit = { kind: 'bytes', bytes: 256 * 2 ** 20 } as const;
    const greedy = await programTarget(`
      globalThis.kept = [];
      for (let i = 0; i < 30; i++) {
        kept.push(Buffer.alloc(64 * 2 ** 20, 7));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      say({ operations: a, elapsedNs: 1 });`);
    const { points, skipped } = await parkedIn(greedy, [1], limit);
    expect(points).toEqual([]);
    expect(skipped[0]!.reason).toContain('was reached before all were parked');
  });
});
