import { describe, expect, it } from 'vitest';
import { skippedBy, stagesFor, type Stages } from '../../src/duet/stages.js';
import { metricNames, type MetricName } from '../../src/gate/metric.js';

const first = (...wanted: MetricName[]): Stages => stagesFor({ set: 'first', wanted });
const second = (...wanted: MetricName[]): Stages => stagesFor({ set: 'second', wanted });

describe('the stages of a pair', () => {
  it('are all there while nothing is decided', () => {
    const stages = first(...metricNames);
    expect(stages).toEqual({ startUps: true, holds: true, closed: true, open: true });
    expect(skippedBy(stages)).toEqual([]);
  });

  it('are those that the undecided metrics need', () => {
    const stages = first('cpuUsPerRequest');
    expect(stages).toEqual({ startUps: false, holds: false, closed: true, open: false });
    expect(skippedBy(stages)).toEqual([
      ...['p50', 'rssIdle', 'rssPeak', 'bytesPerConnection', 'startup', 'firstEvent.p50'],
    ]);
  });

  it.each(metricNames)('never leave out %s while it is undecided', (metric) => {
    expect(skippedBy(first(metric))).not.toContain(metric);
  });

  it('are in a second set those of the suspected metric that is measured soonest', () => {
    const holds = { startUps: false, holds: true, closed: false, open: false };
    expect(second('p50', 'rssPeak', 'bytesPerConnection')).toEqual(holds);
    const closed = { startUps: false, holds: false, closed: true, open: false };
    expect(second('rssPeak', 'p50')).toMatchObject({ open: true, holds: false });
    expect(second('cpuUsPerRequest', 'p50', 'p99')).toEqual(closed);
  });

  it('give a peak of memory with many connections and under full load', () => {
    expect(first('rssPeak')).toMatchObject({ holds: true, closed: true, open: false });
  });
});
