import { describe, expect, it } from 'vitest';
import { openScenario } from '../../src/config/scenario-catalog.js';
import { whyUnaskable, type Measurable } from '../../src/thresholds/askable.js';
import { parseThreshold } from '../../src/thresholds/threshold.js';

const { phases } = await openScenario('compare-quick');
const started: Measurable = {
  phases,
  requests: ['GET /a', 'GET /v1.0/b'],
  fanOut: false,
  streams: false,
  server: 'started',
  scheduling: 'none',
};

function why(text: string, measurable: Measurable = started): string | null {
  const threshold = parseThreshold(text, '--fail-if');
  if (!threshold.ok) throw new Error(threshold.message);
  const found = whyUnaskable(threshold.value, measurable);
  return found === null ? null : `${found.message}\n${found.remedy}`;
}

describe('before any load', () => {
  it.each(['p99<1s', 'latency.rateRatio>=99%', 'bytesPerConnection<6kB', 'rssIdle<1GB'])(
    'takes what the run will measure: %s',
    (text) => expect(why(text)).toBeNull(),
  );

  it.each(['latency.GET /a.p99<1s', 'throughput.GET /v1.0/b.requestsPerSecond>=10'])(
    'takes what is of one request of a phase: %s',
    (text) => expect(why(text)).toBeNull(),
  );

  it('takes a request without its phase where only one phase is under load', () => {
    const one = { ...started, phases: phases.slice(0, -1) };
    expect(
      one.phases.filter(({ arrival, record }) => record && arrival.kind !== 'idle').length,
    ).toBe(1);
    expect(why('GET /a.errors==0', one)).toBeNull();
    expect(why('GET /a.errors==0')).toContain('there is no phase "GET /a", and no such request');
  });

  it.each<[string, Partial<Measurable>, string]>([
    ['rssPeak<1GB', { server: 'none' }, '--pid'],
    ['startup<1s', { server: 'known' }, 'c1m does not start this server'],
    ['rssIdle<1GB', { phases: phases.slice(-1) }, 'there is none'],
    ['bytesPerConnection<6kB', { phases: phases.slice(0, 3) }, 'at least three idle holds'],
    ['rateRatio>=99%', { phases: phases.slice(0, -2) }, 'only an open workload'],
    ['throughput.rateRatio>=99%', {}, 'only an open workload'],
    ['schedulingDelay.p99<1ms', {}, '--sched ebpf'],
    ['schedulingDelay.p99<1ms', { scheduling: 'apart' }, "'60 %.schedulingDelay.p99'"],
    ['warm-up.p99<1s', {}, 'is not recorded'],
    ['latnecy.p99<1s', {}, 'Did you mean latency.p99?'],
    ['servicetime.p99<1s', {}, 'Did you mean serviceTime.p99?'],
    ['throughput.rssIdle<1GB', {}, 'none of its phases'],
    ['latency.GET /a.rssPeak<1GB', {}, 'single requests have no rssPeak of their own'],
    ['latency.GET /b.p99<1s', {}, 'Did you mean latency.GET /a.p99?'],
    ['latency.GET /a.p99<1s', { requests: ['GET /a'] }, 'there is no phase "latency.GET /a"'],
  ])('refuses %s where it has %o', (text, other, said) => {
    expect(why(text, { ...started, ...other })).toContain(said);
  });
});
