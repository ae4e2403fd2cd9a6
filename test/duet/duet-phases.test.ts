import { describe, expect, it } from 'vitest';
import { DuetPhases } from '../../src/duet/duet-phases.js';

describe('the open slices of a pair', () => {
  const connectionsAt = (ratePerSecond: number): (number | undefined)[] => {
    const load = { connections: 32, heldConnections: null, sliceMicros: 100e3, blocks: 5 };
    const phases = new DuetPhases({ ...load, ratePerSecond });
    const of = (kind: 'closed' | 'open') => phases.phases[phases.slice(kind, 'head')]!;
    return [of('closed'), of('open')].map(({ connections }) => connections.to);
  };

  it('open no connection that is asked for nothing, which would keep a worker of gunicorn', () => {
    expect(connectionsAt(117)).toEqual([64, 22]);
    expect(connectionsAt(3)).toEqual([64, 2]);
  });

  it('have all connections where the rate is enough for them', () => {
    expect(connectionsAt(5_000)).toEqual([64, 64]);
  });
});
