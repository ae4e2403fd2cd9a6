import { describe, expect, it } from 'vitest';
import { parseAddressRanges } from '../../src/config/address-ranges.js';
import { parsePortRange } from '../../src/config/port-range.js';
import { expandPorts } from '../../src/config/url-ports.js';

describe('a range of ports', () => {
  it.each<[string, number[]]>([
    ['80', [80]],
    ['9100-9102', [9100, 9101, 9102]],
    ['9100-9100', [9100]],
    ['80,9100-9101, 443', [80, 9100, 9101, 443]],
    ['1,65535', [1, 65_535]],
  ])('%s stands for its ports, in order', (written, ports) => {
    expect(parsePortRange(written)).toEqual(ports);
  });

  it.each(['', '0', '65536', '9102-9100', '80,', '-80', '80-', '1-2-3', 'http', '8e1', '100000'])(
    '"%s" is none',
    (written) => expect(parsePortRange(written)).toBeNull(),
  );
});

describe('a URL with ports', () => {
  it.each<[string, string[]]>([
    ['http://h:1-3/', ['http://h:1/', 'http://h:2/', 'http://h:3/']],
    ['http://h:1,5', ['http://h:1', 'http://h:5']],
    ['h:8,10-11/p', ['h:8/p', 'h:10/p', 'h:11/p']],
    [':1-2', [':1', ':2']],
    [' http://h:1-2/a ', ['http://h:1/a', 'http://h:2/a']],
    ['http://[::1]:1-2/x', ['http://[::1]:1/x', 'http://[::1]:2/x']],
    ['[fe80::1]:1-2?q', ['[fe80::1]:1?q', '[fe80::1]:2?q']],
    ['http://u:p-1,2@h:1-2/', ['http://u:p-1,2@h:1/', 'http://u:p-1,2@h:2/']],
    [
      'https://127.0.0.1:1-2/3-4,5?6:7-8',
      ['1', '2'].map((p) => `https://127.0.0.1:${p}/3-4,5?6:7-8`),
    ],
  ])('%s stands for one with each port', (written, urls) => {
    expect(expandPorts(written)).toEqual(urls);
  });

  it.each([
    'http://h/',
    'http://h:80/',
    'h:80',
    'http://h/a:1-2',
    'http://h?a:1-2',
    'http://h/x]:1-2/y',
    'http://h:3-1/',
    'http://h:0-1/',
    'http://h:1-70000/',
    'http://h:1-/',
    'http://u:1-2@h/',
    'http://[::1]/a]:1-2',
  ])('%s, which has one or none or wrong ones, is left as it is', (written) => {
    expect(expandPorts(written)).toEqual([written]);
  });
});

describe('a list of addresses', () => {
  const valueOf = (written: string): unknown => {
    const parsed = parseAddressRanges(written);
    return parsed.ok ? parsed.value : parsed.message;
  };

  it('holds both ends of its ranges, in ascending order', () => {
    expect(valueOf('10.0.1.0, 10.0.0.254-10.0.0.255')).toEqual([
      { first: 0x0a00_00fe, last: 0x0a00_00ff },
      { first: 0x0a00_0100, last: 0x0a00_0100 },
    ]);
    expect(valueOf('255.255.255.255')).toEqual([{ first: 2 ** 32 - 1, last: 2 ** 32 - 1 }]);
  });

  it('holds no address twice', () => {
    expect(valueOf('10.0.0.3-10.0.0.9,10.0.0.1,10.0.0.5,10.0.0.1-10.0.0.4')).toEqual([
      { first: 0x0a00_0001, last: 0x0a00_0009 },
    ]);
  });

  it.each(['', '10.0.0', '10.0.0.9-10.0.0.1', '10.0.0.1-', '::1', '10.0.0.1-2', 'localhost'])(
    '"%s" is refused, and quoted',
    (written) => expect(valueOf(written)).toContain(`"${written}" is neither`),
  );
});
