import { describe, expect, it } from 'vitest';
import { metricNames } from '../../src/gate/metric.js';
import { skippedBy, stagesFor } from '../../src/duet/stages.js';

describe('the stages of a pair', () => {
  it('are all there while nothing is decided', () => {
    const stages = stagesFor(metricNames);
    expect(stages).toEqual({ startUps: true, holds: true, closed: true, open: true });
    expect(skippedBy(stages)).toEqual([]);
  });

  it('are those that the undecided metrics need', () => {
    const stages = stagesFor(['cpuUsPerRequest']);
    expect(stages).toEqual({ startUps: false, holds: false, closed: true, open: false });
    expect(skippedBy(stages)).toEqual([
      ...['p50', 'rssIdle', 'rssPeak', 'bytesPerConnection', 'startup'],
    ]);
  });

  it.each(metricNames)('never leave out %s while it is undecided', (metric) => {
    expect(skippedBy(stagesFor([metric]))).not.toContain(metric);
  });

  it('give a peak of memory with many connections and under full load', () => {
    expect(stagesFor(['rssPeak'])).toMatchObject({ holds: true, closed: true, open: false });
  });
});
