import { describe, expect, it } from 'vitest';
import { commonUnit, countOf, inUnit, rateWord } from '../../src/figures/unit-words.js';

describe('what a load counts', () => {
  it('is one, or many', () => {
    expect(countOf(1, 'message', '1')).toBe('1 message');
    expect(countOf(2000, 'message', '2,000')).toBe('2,000 messages');
    expect(countOf(1, 'delivery', '1')).toBe('1 delivery');
    expect(rateWord('call')).toBe('calls/s');
  });

  it('takes the place of requests in what is written of these', () => {
    const texts = ['requests/s', 'CPU/req', 'Requests per second', 'no request waits, 5 requests'];
    expect(texts.map((text) => inUnit(text, 'message'))).toEqual([
      'messages/s',
      'CPU/msg',
      'Messages per second',
      'no message waits, 5 messages',
    ]);
    expect(texts.map((text) => inUnit(text, 'request'))).toEqual(texts);
  });

  it('is that of requests where several differ', () => {
    expect(commonUnit(['message', 'message'])).toBe('message');
    expect(commonUnit(['message', 'call'])).toBe('request');
    expect(commonUnit([])).toBe('request');
  });
});
