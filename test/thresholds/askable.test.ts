import { describe, expect, it } from 'vitest';
import { openScenario } from '../../src/config/scenario-catalog.js';
import { whyUnaskable, type Measurable } from '../../src/thresholds/askable.js';
import { parseThreshold } from '../../src/thresholds/threshold.js';

const { phases } = await openScenario('compare-quick');
const started: Measurable = { phases, server: 'started', scheduling: 'none' };

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
  ])('refuses %s where it has %o', (text, other, said) => {
    expect(why(text, { ...started, ...other })).toContain(said);
  });
});
