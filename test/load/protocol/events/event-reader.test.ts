import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFormat } from '../../../../src/load/protocol/events/event-format.js';
import { EventReader } from '../../../../src/load/protocol/events/event-reader.js';

/** How many events a reader finds in octets that come in pieces, and how many of these at their end. */
function count(format: EventFormat, octets: Uint8Array, cuts: readonly number[] = []): number {
  const reader = new EventReader();
  reader.begin(format);
  let start = 0;
  let events = 0;
  for (const end of [...cuts, octets.length]) {
    reader.read(octets, start, end);
    events += reader.take();
    start = end;
  }
  reader.end();
  return events + reader.take();
}

/** The data of the events of a whole text, as WHATWG HTML §9.2.6 has it step by step. */
function interpreted(octets: Uint8Array): string[] {
  // The decoder takes the byte order mark away, as §9.2.6 says.
  const lines = new TextDecoder().decode(octets).split(/\r\n|\r|\n/);
  const events: string[] = [];
  let data = '';
  // Behind the last line end stands no line.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (data !== '') events.push(data.slice(0, -1));
      data = '';
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') data += `${value}\n`;
  }
  return events;
}

const piece = fc.constantFrom(
  ...['data: x', 'data:', 'data', 'data:[DONE]', 'data: [DONE]', 'data: [DONE', 'data:  [DONE]'],
  ...['data: [DONE] ', 'datax: 1', ' data: 1', 'dat', 'event: end', 'id: 7', 'retry: 9'],
  ...[
    ': comment',
    ':',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\r\r',
    '\r\n\r\n',
    '\ufeff',
    'ü',
    'd',
    ':data',
  ],
);
const stream = fc
  .array(piece, { maxLength: 30 })
  .map((pieces) => Buffer.from(pieces.join('')) as Uint8Array);

describe('the events of a text/event-stream', () => {
  it('are those of the standard, but for the mark of the end, however it is cut', () => {
    fc.assert(
      fc.property(stream, (octets) => {
        const expected = interpreted(octets).filter((data) => data !== '[DONE]').length;
        // Lines of [DONE] in a row, and nothing else, are no event, either.
        const marks = interpreted(octets).filter((data) => /^\[DONE\](\n\[DONE\])+$/.test(data));
        const whole = count('sse', octets);
        expect(whole).toBe(expected - marks.length);
        for (let cut = 0; cut <= octets.length; cut++) {
          expect(count('sse', octets, [cut])).toBe(whole);
        }
        const each = Array.from(octets, (_, at) => at);
        expect(count('sse', octets, each)).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['data: 1\n\ndata: 2\n\n', 2],
    ['data: 1\r\rdata: 2\r\r', 2],
    ['data: 1\r\n\r\ndata: 2\r\n\r\n', 2],
    ['\ufeffdata: 1\n\n', 1],
    [': a comment, to keep the line open\n\n', 0],
    ['event: message_start\ndata: {"type":"message_start"}\n\n', 1],
    ['event: ping\n\n', 0],
    ['data: one\ndata: of two lines\n\n', 1],
    ['data: {"choices":[]}\n\ndata: [DONE]\n\n', 1],
    ['data: the last, which no blank line ends', 0],
  ])('%j are %d', (text, events) => expect(count('sse', Buffer.from(text))).toBe(events));
});

describe('the events of NDJSON', () => {
  it.each([
    ['{"a":1}\n{"a":2}\n', 2],
    ['{"a":1}\r\n\r\n{"a":2}', 2],
    ['\n \n\t\n', 0],
    ['', 0],
  ])('%j are %d, however it is cut', (text, events) => {
    const octets = Buffer.from(text);
    for (let cut = 0; cut <= octets.length; cut++) {
      expect(count('ndjson', octets, [cut])).toBe(events);
    }
  });
});
