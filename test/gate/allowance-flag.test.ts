import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/basis/problem.js';
import {
  allowedChanges as allowedOver,
  defaultAllowances,
  detectableChanges,
} from '../../src/gate/allowance-flag.js';
import { metricsOf } from '../../src/gate/metric.js';

const allowedChanges = (written: readonly string[], streams = false) =>
  allowedOver(written, defaultAllowances(metricsOf({ streams })));

describe('--allow', () => {
  it('leaves the defaults: a share, or an amount where that is more', () => {
    expect(Object.fromEntries(allowedChanges([]))).toEqual({
      requestsPerSecond: { share: 0.03, floor: 0 },
      cpuUsPerRequest: { share: 0.03, floor: 0.2 },
      instructionsPerRequest: { share: 0.03, floor: 200 },
      p50: { share: 0.03, floor: 1 },
      p99: { share: 0.1, floor: 1 },
      rssIdle: { share: 0.05, floor: 1e6 },
      rssPeak: { share: 0.05, floor: 1e6 },
      bytesPerConnection: { share: 0.05, floor: 256 },
      startup: { share: 0.05, floor: 5_000 },
      errors: { share: 0.001, floor: 0 },
    });
  });

  it('has TTFT, ITL and events/s of streams, by the names that benchmarks of models give them', () => {
    const allowed = allowedChanges(['ttft.p99=20%,itl.p50=5%,50us'], true);
    expect(allowed.get('firstEvent.p99')).toEqual({ share: 0.2, floor: 1 });
    expect(allowed.get('betweenEvents.p50')).toEqual({ share: 0.05, floor: 50 });
    expect(allowed.get('eventsPerSecond')).toEqual({ share: 0.03, floor: 0 });
    expect([...allowed.keys()]).not.toContain('reach');
    expect([...allowedChanges([]).keys()]).not.toContain('firstEvent.p99');
  });

  it('takes one metric or several, and leaves the others alone', () => {
    const allowed = allowedChanges(['p99=15%, startup = 7.5 %', 'cpuUsPerRequest=.5%']);
    expect(allowed.get('p99')!.share).toBeCloseTo(0.15, 12);
    expect(allowed.get('startup')!.share).toBeCloseTo(0.075, 12);
    expect(allowed.get('cpuUsPerRequest')!.share).toBeCloseTo(0.005, 12);
    expect(allowed.get('p50')!.share).toBe(0.03);
  });

  it('takes an amount as well, in the metric’s unit, and keeps what is not given', () => {
    const allowed = allowedChanges(['startup=5%,10 ms,rssIdle=2MB,1%', 'p99=0us', 'rssPeak=10%']);
    expect(allowed.get('startup')).toEqual({ share: 0.05, floor: 10_000 });
    expect(allowed.get('rssIdle')).toEqual({ share: 0.01, floor: 2e6 });
    expect(allowed.get('p99')).toEqual({ share: 0.1, floor: 0 });
    expect(allowed.get('rssPeak')).toEqual({ share: 0.1, floor: 1e6 });
  });

  it('takes what other tools call them', () => {
    const allowed = allowedChanges(['rps=5%,cpu=6%', 'rss=7%']);
    expect(allowed.get('requestsPerSecond')!.share).toBe(0.05);
    expect(allowed.get('cpuUsPerRequest')!.share).toBe(0.06);
    expect(allowed.get('rssPeak')!.share).toBe(0.07);
  });

  it('names everything that is wrong at once, with the remedy', () => {
    const written = ['p98=15%,latency=3%', 'p99', 'cpuUsPerRequest=0.15', 'p50=0%', 'rssIdle=100%'];
    expect(messageOf([...written, 'startup=4%', 'startup=5%', 'p50=1%,2%', 'rssPeak=5'])).toBe(
      [
        "--allow: There is no metric 'p98'\n  Did you mean 'p99'?",
        "--allow: There is no metric 'latency'\n  Known: requestsPerSecond, cpuUsPerRequest, instructionsPerRequest, p50, p99, rssIdle, rssPeak, bytesPerConnection, startup, errors, eventsPerSecond, firstEvent.p50, firstEvent.p99, betweenEvents.p50, betweenEvents.p99, reach.",
        "--allow: 'p99' is not METRIC=PERCENT\n  Write a metric and a percentage, such as p99=15%.",
        "--allow: 'cpuUsPerRequest=0.15' has no percentage\n  Write a percentage, such as cpuUsPerRequest=15%, or with an amount, cpuUsPerRequest=15%,10ms.",
        "--allow: 'p50=0%' is out of range\n  Allow more than 0 % and less than 100 %, such as p50=15%.",
        "--allow: 'rssIdle=100%' is out of range\n  Allow more than 0 % and less than 100 %, such as rssIdle=15%.",
        '--allow: startup is given twice\n  Give each metric once.',
        "--allow: 'p50=1%,2%' says the same twice\n  Write at most one percentage and one amount.",
        "--allow: 'rssPeak=5' has no percentage\n  Write a percentage, such as rssPeak=15%, or with an amount, rssPeak=15%,1MB.",
      ].join('\n'),
    );
  });

  function messageOf(written: readonly string[]): string {
    try {
      allowedChanges(written);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    return 'nothing is wrong';
  }
});

describe('--detect', () => {
  const allowed = allowedChanges(['startup=10%,20ms']);

  it('is twice what is allowed, unless it says more or less', () => {
    const detect = detectableChanges(['cpuUsPerRequest=5%'], allowed);
    expect(detect.get('startup')).toEqual({ share: 0.2, floor: 40_000 });
    expect(detect.get('cpuUsPerRequest')).toEqual({ share: 0.05, floor: 0.4 });
  });

  it('refuses what is not more than is allowed, and what it cannot read', () => {
    const refusal = (written: string): string => {
      try {
        detectableChanges([written], allowed);
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal('startup=10%')).toContain('startup is not more than what is allowed');
    expect(refusal('startup=10%')).toContain('Give more than startup=10%');
    expect(refusal('startup=15%,20ms')).toBe('');
    expect(refusal('p9=15%')).toContain("--detect: There is no metric 'p9'");
  });
});
