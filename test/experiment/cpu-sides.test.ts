import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/basis/problem.js';
import { readCpuFlags, type CpuFlags } from '../../src/config/cpu-flags.js';
import { cpuSides } from '../../src/experiment/cpu-sides.js';

/** The sides that flags ask for. */
function sidesOf(flags: CpuFlags, allowed: readonly number[]): ReturnType<typeof cpuSides> {
  const problems: Problem[] = [];
  const asked = readCpuFlags(flags, allowed, problems);
  expect(problems).toEqual([]);
  return cpuSides(asked, allowed);
}

describe('the CPUs of load and target', () => {
  it('leave to one side what the other does not take', () => {
    expect(sidesOf({ loadCpus: '0' }, [0, 1, 2, 3])).toMatchObject({
      load: [0],
      target: [1, 2, 3],
    });
    expect(sidesOf({ targetCpus: '1-2' }, [0, 1, 2, 3])).toMatchObject({ load: [0, 3] });
  });

  it('are shared where one side takes all', () => {
    expect(sidesOf({ loadCpus: '0-1' }, [0, 1])).toMatchObject({ load: [0, 1], target: [0, 1] });
  });

  it('are told apart: what both sides have is warned of', () => {
    const warningsOf = (loadCpus: string, targetCpus: string): string[] =>
      sidesOf({ loadCpus, targetCpus }, [0, 1, 2, 3]).warnings.map(({ message }) => message);
    expect(warningsOf('0-1', '2-3')).toEqual([]);
    expect(warningsOf('0-2', '2-3')).toEqual([
      'Load and target share CPU 2, so each slows the other down',
    ]);
  });

  it('must be CPUs that may be used, and both faults are named', () => {
    const problems: Problem[] = [];
    readCpuFlags({ loadCpus: 'x', targetCpus: '7' }, [0, 1], problems);
    expect(problems).toMatchObject([
      { where: '--load-cpus', message: '"x" is not a list of CPUs' },
      { where: '--target-cpus', message: 'CPU 7 cannot be used' },
    ]);
  });
});
