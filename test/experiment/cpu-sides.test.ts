import { describe, expect, it } from 'vitest';
import { cpuSides } from '../../src/experiment/cpu-sides.js';

describe('the CPUs of load and target', () => {
  it('leave to one side what the other does not take', () => {
    expect(cpuSides({ loadCpus: '0' }, [0, 1, 2, 3])).toMatchObject({
      load: [0],
      target: [1, 2, 3],
    });
    expect(cpuSides({ targetCpus: '1-2' }, [0, 1, 2, 3])).toMatchObject({ load: [0, 3] });
  });

  it('are shared where one side takes all', () => {
    expect(cpuSides({ loadCpus: '0-1' }, [0, 1])).toMatchObject({ load: [0, 1], target: [0, 1] });
  });

  it('are told apart: what both sides have is warned of', () => {
    const warningsOf = (loadCpus: string, targetCpus: string): string[] =>
      cpuSides({ loadCpus, targetCpus }, [0, 1, 2, 3]).warnings.map(({ message }) => message);
    expect(warningsOf('0-1', '2-3')).toEqual([]);
    expect(warningsOf('0-2', '2-3')).toEqual([
      'Load and target share CPU 2, so each slows the other down',
    ]);
  });

  it('must be CPUs that may be used, and both faults are named', () => {
    expect(() => cpuSides({ loadCpus: 'x', targetCpus: '7' }, [0, 1])).toThrow(
      /--load-cpus: "x" is not a list[^]*--target-cpus: CPU 7 cannot be used/,
    );
  });
});
