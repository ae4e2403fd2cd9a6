import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSlab, parseSockstat } from '../../src/measure/kernel-memory.js';
import {
  parseSchedstat,
  parseSmapsRollup,
  parseStat,
  parseStatus,
} from '../../src/measure/procfs.js';

const fields =
  'S 17 4242 4242 0 -1 4194560 1 2 3 4 150 25 33 7 20 0 11 0 98765 1000000 2000 18446744073709551615';

describe('the parser of /proc/PID/stat', () => {
  const expected = {
    state: 'S',
    parentPid: 17,
    userTicks: 150,
    systemTicks: 25,
    childrenUserTicks: 33,
    childrenSystemTicks: 7,
    startTicks: 98765,
  };

  it.each(['node', 'a b', '((', ') R 1 2 3 (', '\n', '', 'x)\n', ') S 1 1 1 1 1 1'])(
    'is not misled by the command name %j',
    (comm) => {
      expect(parseStat(`4242 (${comm}) ${fields}\n`)).toEqual(expected);
    },
  );

  it('is misled by no command name at all', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15, unit: 'binary' }), (comm) => {
        expect(parseStat(`4242 (${comm}) ${fields}\n`)).toEqual(expected);
      }),
    );
  });

  it('refuses what is cut short', () => {
    expect(parseStat('4242 (node) S 17 42')).toBeNull();
    expect(parseStat('')).toBeNull();
  });
});

describe('the other parsers', () => {
  it('read a status', () => {
    const text =
      'Name:\tThreads: 9\nUmask:\t0022\nVmHWM:\t   45056 kB\nVmRSS:\t   40960 kB\nThreads:\t7\n' +
      'voluntary_ctxt_switches:\t120\nnonvoluntary_ctxt_switches:\t31\n';
    expect(parseStatus(text)).toEqual({
      rssBytes: 40960 * 1024,
      rssPeakBytes: 45056 * 1024,
      threads: 7,
      voluntarySwitches: 120,
      involuntarySwitches: 31,
    });
  });

  it('read a status without memory, as that of a process that has ended', () => {
    const status = parseStatus('Name:\tx\nState:\tZ (zombie)\nThreads:\t1\n');
    expect(status?.rssBytes).toBeNull();
  });

  it('read a schedstat, and refuse an empty one', () => {
    expect(parseSchedstat('183746 9283 12\n')).toEqual({ runNs: 183746, waitNs: 9283, slices: 12 });
    expect(parseSchedstat('')).toBeNull();
  });

  it('read an smaps_rollup by the whole label', () => {
    const text = '55a0-7ffc ---p 0 00:00 0 [rollup]\nRss: 1000 kB\nPss: 700 kB\nPss_Dirty: 5 kB\n';
    expect(parseSmapsRollup(text)).toEqual({ rssBytes: 1_024_000, pssBytes: 716_800 });
  });

  it('read a sockstat in pages', () => {
    const text = 'sockets: used 20020\nTCP: inuse 20003 orphan 2 tw 225 alloc 20003 mem 146\n';
    expect(parseSockstat(text, 4096)).toEqual({
      tcpBytes: 146 * 4096,
      tcpInUse: 20003,
      tcpTimeWait: 225,
      tcpOrphans: 2,
    });
    expect(parseSockstat('', 4096).tcpBytes).toBeNull();
  });

  it('read the slab', () => {
    const text = 'MemTotal: 1 kB\nSlab:     200 kB\nSReclaimable:  50 kB\nSUnreclaim:  150 kB\n';
    expect(parseSlab(text)).toEqual({ slabBytes: 204_800, slabUnreclaimableBytes: 153_600 });
  });
});
