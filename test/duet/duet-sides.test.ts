import { describe, expect, it } from 'vitest';
import { duetSides } from '../../src/duet/duet-sides.js';

describe('the CPUs of a duet', () => {
  it('are one for both servers, and the load’s own', () => {
    const { load, target } = duetSides({ load: null, target: null }, [4, 5, 6, 7]);
    expect(target).toHaveLength(1);
    expect(load).toHaveLength(2);
    expect(load).not.toContain(target[0]);
  });

  it('are those that are asked for', () => {
    const { load, target } = duetSides({ load: [4], target: [6, 7] }, [4, 5, 6, 7]);
    expect({ load, target }).toEqual({ load: [4], target: [6, 7] });
    expect(duetSides({ load: [4], target: null }, [4, 5, 6, 7]).target).toEqual([5]);
  });
});
