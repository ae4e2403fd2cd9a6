import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/basis/problem.js';
import { allowedChanges } from '../../src/gate/allowed-change.js';

describe('--allow', () => {
  it('leaves the defaults: 3 % for throughput, CPU and p50, 10 % for p99, 5 % for memory and start-up', () => {
    expect(Object.fromEntries(allowedChanges([]))).toEqual({
      requestsPerSecond: 0.03,
      cpuUsPerRequest: 0.03,
      instructionsPerRequest: 0.03,
      p50: 0.03,
      p99: 0.1,
      rssIdle: 0.05,
      rssPeak: 0.05,
      bytesPerConnection: 0.05,
      startup: 0.05,
    });
  });

  it('takes one metric or several, and leaves the others alone', () => {
    const allowed = allowedChanges(['p99=15%, startup = 7.5 %', 'cpuUsPerRequest=.5%']);
    expect(allowed.get('p99')).toBeCloseTo(0.15, 12);
    expect(allowed.get('startup')).toBeCloseTo(0.075, 12);
    expect(allowed.get('cpuUsPerRequest')).toBeCloseTo(0.005, 12);
    expect(allowed.get('p50')).toBe(0.03);
  });

  it('names everything that is wrong at once, with the remedy', () => {
    const written = ['p98=15%,latency=3%', 'p99', 'cpuUsPerRequest=0.15', 'p50=0%', 'rssIdle=100%'];
    expect(messageOf([...written, 'startup=4%', 'startup=5%'])).toBe(
      [
        "--allow: There is no metric 'p98'\n  Did you mean 'p99'?",
        "--allow: There is no metric 'latency'\n  Known: requestsPerSecond, cpuUsPerRequest, instructionsPerRequest, p50, p99, rssIdle, rssPeak, bytesPerConnection, startup.",
        "--allow: 'p99' is not METRIC=PERCENT\n  Write a metric and a percentage, such as p99=15%.",
        "--allow: 'cpuUsPerRequest=0.15' has no percentage\n  Write a percentage, such as cpuUsPerRequest=15%.",
        "--allow: 'p50=0%' is out of range\n  Allow more than 0 % and less than 100 %, such as p50=15%.",
        "--allow: 'rssIdle=100%' is out of range\n  Allow more than 0 % and less than 100 %, such as rssIdle=15%.",
        '--allow: startup is given twice\n  Give each metric once.',
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
