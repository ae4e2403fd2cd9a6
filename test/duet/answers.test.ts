import { describe, expect, it } from 'vitest';
import { answerWarnings, type Answers } from '../../src/duet/answers.js';
import { judged } from '../../src/duet/judged.js';
import type { GateVerdict } from '../../src/gate/verdict.js';

const fine: Answers = {
  ...{ attempts: 1_000, errors: {}, statusCodes: { '200': 1_000 } },
  ...{ responses: 1_000, bytesReceived: 150_000, opened: 0 },
};

function messages(head: Partial<Answers>, base: Partial<Answers> = {}): string[] {
  const of = { base: { ...fine, ...base }, head: { ...fine, ...head } };
  return answerWarnings(of).map(({ message }) => message);
}

describe('what is said of two servers’ answers', () => {
  it('is nothing where they do the same, but for a few bytes and an exception', () => {
    expect(messages({ bytesReceived: 155_000, opened: 20 })).toEqual([]);
    const rare = { '200': 995, '304': 5 };
    expect(messages({ statusCodes: rare })).toEqual([]);
  });

  it.each([
    [
      'a redirect',
      { statusCodes: { '302': 1_000 } },
      'Base answers with status 200, head with status 302',
    ],
    [
      'a status besides',
      { statusCodes: { '200': 900, '204': 100 } },
      'Base answers with status 200, head with statuses 200 and 204',
    ],
    [
      'less in its answers',
      { bytesReceived: 90_000 },
      'An answer of base has 150 bytes with its head, one of head 90',
    ],
    ['connections that end', { opened: 998 }, 'Head ends its connections, base keeps them'],
  ])('is %s of head’s', (_, head, message) => {
    expect(messages(head)).toEqual([message]);
  });

  it('is that base ends its connections, as well', () => {
    expect(messages({}, { opened: 1_000 })).toEqual(['Base ends its connections, head keeps them']);
  });

  it('is what failed, by kind and status', () => {
    const failing = {
      errors: { 'error-status': 100, timeout: 20 },
      ...{ statusCodes: { '200': 880, '500': 100 }, responses: 980 },
    };
    expect(messages(failing)[0]).toBe(
      'head failed in 120 of 1000 requests (100 × error-status, 20 × timeout); its statuses: 880 × 200, 100 × 500',
    );
  });
});

it('a head that answers less is no improvement', () => {
  const interval = { ratio: 2, low: 1.9, high: 2.1, pairs: 7 };
  const about = { allowed: 0.03, floor: 0, detect: null, level: null };
  const gate: GateVerdict = {
    verdict: 'improvement',
    metrics: [{ ...about, metric: 'requestsPerSecond', verdict: 'improvement', interval }],
  };
  expect(judged(gate, true).verdict).toBe('improvement');
  const other = judged(gate, false);
  expect(other.verdict).toBe('pass');
  expect(other.metrics[0]).toMatchObject({ verdict: 'pass', ratio: 2 });
});
