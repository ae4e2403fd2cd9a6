import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseBytes,
  parseConnections,
  parseCount,
  parseDuration,
  parseRate,
  type Parsed,
} from '../../src/basis/units.js';

function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

function complaint(parsed: Parsed<unknown>): string {
  return parsed.ok ? 'accepted' : `${parsed.message}\n${parsed.remedy}`;
}

describe('counts', () => {
  it.each([
    ['1', 1],
    ['10k', 10_000],
    ['10K', 10_000],
    ['1M', 1_000_000],
    ['2.5k', 2_500],
    ['1.1k', 1_100],
    ['1_000', 1_000],
    ['1G', 1e9],
    [' 5 ', 5],
    [64, 64],
  ])('read %j as %d', (written, value) => {
    expect(valueOf(parseCount(written))).toBe(value);
  });

  it.each([
    '',
    'k',
    '-1',
    '+1',
    '1e3',
    '1.5',
    '1,000',
    '1m',
    '0x10',
    'NaN',
    'Infinity',
    '1__0',
    NaN,
  ])('refuse %j', (written) => {
    expect(parseCount(written).ok).toBe(false);
  });

  it('quote what was written and show how to write it', () => {
    expect(complaint(parseCount('10x'))).toBe(
      '"10x" is not a count\nWrite a whole number such as 100, 2.5k, 10k, 1_000 or 1M.',
    );
    expect(complaint(parseCount('0'))).toMatch(/^"0" is less than 1\n/);
    expect(complaint(parseCount('99999999999999999999'))).toMatch(/is not a whole number/);
  });
});

describe('durations', () => {
  it.each([
    ['10s', 10e6],
    ['250ms', 250e3],
    ['500us', 500],
    ['500µs', 500],
    ['2m', 120e6],
    ['1h', 3600e6],
    ['1m30s', 90e6],
    ['10 s', 10e6],
    ['1 m 30 s', 90e6],
    ['1.5s', 1.5e6],
    ['10', 10e6],
    ['.5', 0.5e6],
    [0.25, 250e3],
  ])('read %j as %d microseconds', (written, micros) => {
    expect(valueOf(parseDuration(written))).toBe(micros);
  });

  it.each(['', '0', '0s', '-1s', '1 0s', '10sec', '1d', 's', '1:30', '31h1x', '800h', 'Infinity'])(
    'refuse %j',
    (written) => {
      expect(parseDuration(written).ok).toBe(false);
    },
  );

  it('quote what was written and show how to write it', () => {
    expect(complaint(parseDuration('soon'))).toBe(
      '"soon" is not a duration\n' +
        'Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.',
    );
    expect(complaint(parseDuration('0'))).toMatch(/shorter than one microsecond/);
    expect(complaint(parseDuration('721h'))).toMatch(/longer than 30 days/);
  });
});

describe('rates', () => {
  it.each([
    ['10k', 10_000, 10_000],
    ['2.5k/s', 2_500, 2_500],
    ['600/m', 10, 10],
    ['600/min', 10, 10],
    ['3600/h', 1, 1],
    ['0', 0, 0],
    ['0.5', 0.5, 0.5],
    ['100:5k', 100, 5_000],
    ['100:5k/s', 100, 5_000],
    ['600:6000/m', 10, 100],
    ['60/m:5', 1, 5],
    [1000, 1_000, 1_000],
  ])('read %j as %d to %d a second', (written, from, to) => {
    expect(valueOf(parseRate(written))).toEqual({ from, to });
  });

  it.each(['', 'fast', '-1', '1:2:3', ':5', '5:', '10/d', '2G', 'Infinity'])(
    'refuse %j',
    (written) => {
      expect(parseRate(written).ok).toBe(false);
    },
  );

  it('quote what was written and show how to write it', () => {
    expect(complaint(parseRate('fast'))).toBe(
      '"fast" is not a rate\n' +
        'Write requests per second such as 500, 10k, 2.5k/s or 600/m, or a ramp: 100:5k.',
    );
  });
});

describe('connections', () => {
  it.each([
    ['100', 100, 100],
    ['1M', 1e6, 1e6],
    ['100:5k', 100, 5_000],
    [50, 50, 50],
  ])('read %j as %d to %d', (written, from, to) => {
    expect(valueOf(parseConnections(written))).toEqual({ from, to });
  });

  it.each(['', '1.5', '0', '0:10', '1:2:3', '10:', '-1'])('refuse %j', (written) => {
    expect(parseConnections(written).ok).toBe(false);
  });

  it('quote what was written and show how to write it', () => {
    expect(complaint(parseConnections('0'))).toBe(
      '"0" is less than 1\n' +
        'Write a number of connections such as 100, 10k or 1M, or a ramp: 100:5k.',
    );
  });
});

describe('bytes', () => {
  it.each([
    ['512', 512],
    ['6kB', 6_000],
    ['200MB', 200e6],
    ['1MiB', 1_048_576],
    ['1.5KiB', 1_536],
    ['0', 0],
  ])('read %j as %d', (written, bytes) => {
    expect(valueOf(parseBytes(written))).toBe(bytes);
  });

  it.each(['', '1mb', '1Mb', '-1', '0.5', 'lots'])('refuse %j', (written) => {
    expect(parseBytes(written).ok).toBe(false);
  });
});

describe('whatever is written', () => {
  const like = fc.stringMatching(/^[-+]?[0-9._]{0,24}(k|M|G|ms|us|s|m|h|\/m|:[0-9]{1,9}k?|kB)?$/);
  const written = fc.oneof(fc.string(), like, fc.double());

  it('never becomes NaN, negative or infinite', () => {
    fc.assert(
      fc.property(written, (text) => {
        const parsers = [parseCount, parseDuration, parseRate, parseConnections, parseBytes];
        for (const parse of parsers) {
          const parsed = parse(text) as Parsed<number | { from: number; to: number }>;
          if (!parsed.ok) continue;
          const { value } = parsed;
          for (const number of typeof value === 'number' ? [value] : [value.from, value.to]) {
            expect(Number.isFinite(number) && number >= 0).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads every count back from its own digits, with and without a suffix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (count) => {
        expect(valueOf(parseCount(String(count)))).toBe(count);
        expect(valueOf(parseCount(`${count / 1000}k`))).toBe(count);
        expect(valueOf(parseConnections(`1:${count}`))).toEqual({ from: 1, to: count });
      }),
    );
  });

  it('adds up the parts of a duration', () => {
    const part = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(part, part, part, (minutes, seconds, millis) => {
        const micros = minutes * 60e6 + seconds * 1e6 + millis * 1e3;
        expect(valueOf(parseDuration(`${minutes}m${seconds}s${millis}ms`))).toBe(micros);
        expect(valueOf(parseDuration(`${micros}us`))).toBe(micros);
      }),
    );
  });
});
