import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpuList, parseCpuList, readAllowedCpus, splitCpus } from '../../src/measure/cpus.js';
import { pinSelf } from '../../src/measure/pinning.js';
import { hasInstrument } from './measured-process.js';

const cpuSets = fc.uniqueArray(fc.nat({ max: 300 }), { minLength: 1, maxLength: 64 });
const alone = (cpu: number): number[] => [cpu];
/** As Linux numbers most machines: the second threads of all cores follow their first ones. */
const pairedOver = (cores: number) => (cpu: number) => [cpu % cores, (cpu % cores) + cores];

describe('a CPU list', () => {
  it('is written as the kernel writes it', () => {
    expect(formatCpuList([8, 0, 1, 2, 3])).toBe('0-3,8');
    expect(formatCpuList([0, 1])).toBe('0-1');
    expect(formatCpuList([])).toBe('');
    expect(parseCpuList('0-3,8\n')).toEqual([0, 1, 2, 3, 8]);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(cpuSets, (cpus) => {
        const sorted = [...cpus].sort((a, b) => a - b);
        expect(parseCpuList(formatCpuList(cpus))).toEqual(sorted);
      }),
    );
  });

  it.each(['', 'x', '3-1', '1,,2', '-1', '0-', '1.5', '0x1', '0-3:2', '1 2'])(
    'is refused when it is %j',
    (text) => {
      expect(parseCpuList(text)).toBeNull();
    },
  );
});

describe('the split between load and target', () => {
  it('gives each side one of two CPUs', () => {
    expect(splitCpus([0, 1], alone)).toEqual({ load: [0], target: [1], warnings: [] });
  });

  it('lets both share the only CPU, and says so', () => {
    const { load, target, warnings } = splitCpus([3], alone);
    expect([load, target]).toEqual([[3], [3]]);
    expect(warnings.map(({ code }) => code)).toEqual(['shared-cpu']);
  });

  it('keeps the threads of a core on one side', () => {
    expect(splitCpus([0, 1, 2, 3, 4, 5, 6, 7], pairedOver(4))).toEqual({
      load: [0, 4, 1, 5],
      target: [2, 6, 3, 7],
      warnings: [],
    });
  });

  it('divides a single core between its threads, and says so', () => {
    const { load, target, warnings } = splitCpus([0, 1], pairedOver(1));
    expect([load, target]).toEqual([[0], [1]]);
    expect(warnings.map(({ code }) => code)).toEqual(['shared-core']);
  });

  it('uses every CPU once, leaves no side empty and divides no core', () => {
    fc.assert(
      fc.property(cpuSets, fc.constantFrom(0, 1, 4, 128), (cpus, distance) => {
        const siblingsOf = (cpu: number): number[] => [cpu, cpu ^ distance];
        const { load, target, warnings } = splitCpus(cpus, siblingsOf);
        if (cpus.length === 1) return;
        expect([...load, ...target].sort((a, b) => a - b)).toEqual([...cpus].sort((a, b) => a - b));
        expect(Math.min(load.length, target.length)).toBeGreaterThan(0);
        if (warnings.length > 0) return;
        const onLoad = new Set(load);
        for (const cpu of target) {
          expect(siblingsOf(cpu).filter((sibling) => onLoad.has(sibling))).toEqual([]);
        }
      }),
    );
  });
});

describe.runIf(process.platform === 'linux' && hasInstrument('taskset', '--version'))(
  'pinning',
  () => {
    it('binds this process and gives back what it had', () => {
      const before = readAllowedCpus();
      const pinning = pinSelf([before[0]!]);
      expect(pinning.warning).toBeNull();
      expect(readAllowedCpus()).toEqual([before[0]]);
      pinning.restore();
      expect(readAllowedCpus()).toEqual(before);
    });

    it('says why it could not', () => {
      const before = readAllowedCpus();
      const pinning = pinSelf([900]);
      expect(pinning.warning?.message).toContain('900');
      pinning.restore();
      expect(readAllowedCpus()).toEqual(before);
    });
  },
);
