import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../src/thresholds/threshold.js';

const parsed = (text: string) => parseThreshold(text, '--fail-if');
const refusal = (text: string): string => {
  const result = parsed(text);
  if (result.ok) throw new Error(`${text} was taken`);
  return `${result.message}\n${result.remedy}`;
};

describe('a condition', () => {
  it.each([
    ['p99<=20ms', 'p99', null, '<=', 20_000],
    ['p99.9 < 1.5s', 'p999', null, '<', 1_500_000],
    ['throughput.p99.99<=250us', 'p9999', 'throughput', '<=', 250],
    ['cpuUsPerRequest<=7.5µs', 'cpuUsPerRequest', null, '<=', 7.5],
    ['memory at 1.5k.serviceTime.p50<1ms', 'serviceTime.p50', 'memory at 1.5k', '<', 1_000],
    ['a.GET /b?n={seq}.p99<=1ms', 'p99', 'a.GET /b?n={seq}', '<=', 1_000],
    ['rssPeak<200MB', 'rssPeak', null, '<', 200e6],
    ['rssIdle<64MiB', 'rssIdle', null, '<', 64 * 2 ** 20],
    ['bytesPerConnection<6kB', 'bytesPerConnection', null, '<', 6_000],
    ['errors==0', 'errors', null, '==', 0],
    ['errorRate<=0.1%', 'errorRate', null, '<=', 0.001],
    ['requestsPerSecond>=10k/s', 'requestsPerSecond', null, '>=', 10_000],
    ['requestsPerSecond>=600/m', 'requestsPerSecond', null, '>=', 10],
    ['rateRatio>=99.5%', 'rateRatio', null, '>=', 0.995],
    ['contextSwitchesPerRequest<0.5', 'contextSwitchesPerRequest', null, '<', 0.5],
    ['startup<300ms', 'startup', null, '<', 300_000],
    // As c1m prints amounts, and as other tools call these figures.
    ['p99 <= 20 ms', 'p99', null, '<=', 20_000],
    ['rssPeak < 200 MB', 'rssPeak', null, '<', 200e6],
    ['errorRate <= 0.1 %', 'errorRate', null, '<=', 0.001],
    ['rps >= 10k', 'requestsPerSecond', null, '>=', 10_000],
    ['throughput.RSS < 200MB', 'rssPeak', 'throughput', '<', 200e6],
  ])('is read: %s', (text, metric, part, comparison, limit) => {
    const result = parsed(text);
    expect(result).toMatchObject({ ok: true, value: { metric, part, comparison } });
    expect(result.ok && result.value.limit).toBeCloseTo(limit, 6);
  });

  it.each([
    ['p99<=20ms', 'p99 <= 20 ms'],
    ['rssPeak < 200MB', 'rssPeak < 200 MB'],
    ['errorRate<1%', 'errorRate < 1 %'],
    ['p50<1m30s', 'p50 < 1m30s'],
    ['requestsPerSecond>10k/s', 'requestsPerSecond > 10k/s'],
  ])('is shown with spaces: %s', (written, shown) => {
    expect(parsed(written)).toMatchObject({ value: { text: shown } });
  });

  it.each([
    ['p99', 'is not a condition'],
    ['rssPeek<2MB', 'Did you mean rssPeak?'],
    ['throughput.startupp<2ms', 'Did you mean throughput.startup?'],
    ['cpu<50us', 'Did you mean cpuUsPerRequest or cpuUtilization?'],
    ['spike.cpu<50us', 'Did you mean spike.cpuUsPerRequest or spike.cpuUtilization?'],
    ['nothing like it<1', 'The metrics are p50, '],
    ['p99<20', '"20" has no unit'],
    ['p99<20MB', '"20MB" is not a time'],
    ['rssPeak<20ms', '"20ms" is not an amount of bytes'],
    ['errors<=1ms', '"1ms" is not a number'],
    ['requestsPerSecond>=fast', 'is not a rate'],
    ['errorRate<1ms', 'is not a percentage'],
    ['errors=0', 'Write one of <=, <, >=, >, =='],
    ['errors!=0', 'which is no comparison'],
  ])('is refused: %s', (text, said) => {
    expect(refusal(text)).toContain(said);
  });

  it.each([
    ['p99>20ms', 'p99<20ms'],
    ['errors>=1', 'errors<=1'],
    ['requestsPerSecond<1k', 'requestsPerSecond>1k'],
  ])('that states what must not be is refused, with the way round: %s', (text, instead) => {
    expect(refusal(text)).toContain(`A condition says what must hold: write '${instead}'`);
  });
});
