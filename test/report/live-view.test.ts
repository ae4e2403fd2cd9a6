import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { liveLine } from '../../src/report/live/line.js';
import type { LiveSnapshot } from '../../src/report/live/snapshot.js';
import { liveView } from '../../src/report/live/view.js';

const plain = new Chalk({ level: 0 });

const snapshot: LiveSnapshot = {
  course: { label: 'go-bare (2 of 9)', share: 0.25, remainingSeconds: 3_725, atMost: false },
  stage: {
    kind: 'running',
    label: 'load',
    elapsedSeconds: 5.9,
    seconds: 30,
    requests: null,
    unit: 'request',
  },
  load: {
    established: 9_999,
    wanted: 10_000,
    responses: 1_234_567,
    errors: { timeout: 3, reset: 1_200 },
  },
  seconds: [
    { requestsPerSecond: 100_000, p50Us: 50, p99Us: 900 },
    { requestsPerSecond: 0, p50Us: null, p99Us: null },
    { requestsPerSecond: 200_000, p50Us: 100, p99Us: 1_800 },
  ],
  generator: { cpuUtilization: 0.97, waitingForCpu: 0.01, pacingLagP99Us: null, saturated: true },
  server: { rssBytes: 50e6, cpus: 0.756, ofCpus: 1 },
};

describe('the live view', () => {
  it('says in 80 columns what is going on', () => {
    expect(liveView(snapshot, { columns: 80, rows: 24 }, plain)).toEqual([
      'go-bare (2 of 9)  ━━━━━━━━━━─────────────────────────────  about 1 h 2 min left',
      'load         ━━━━━━━━────────────────────────────────  5/30 s, 25 s left',
      'responses    1,234,567',
      'requests/s   200,000     ▅▁█',
      'p50          100 µs      ▅ █',
      'p99          1.80 ms     ▅ █',
      'connections  9,999 of 10,000 open',
      'errors       1,200 reset, 3 timeout',
      'server       RSS 50.0 MB, 0.76 of 1 CPU',
      'generator    at its limit, CPU 97.0 %, waiting for a CPU 1.00 %',
    ]);
  });

  it('is narrower and lower than any terminal', () => {
    const loud = new Chalk({ level: 3 });
    const long = { ...snapshot, seconds: Array(120).fill(snapshot.seconds[0]) as never };
    for (let columns = 2; columns <= 130; columns++) {
      for (const rows of [2, 5, 24]) {
        const lines = liveView(long, { columns, rows }, plain);
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(Array.from(line).length).toBeLessThan(columns);

        const bare = liveView(long, { columns, rows }, loud).map((l) =>
          l.replace(/\x1b\[\d+m/g, ''),
        );
        expect(bare).toEqual(lines);
      }
    }
  });

  it('shows names as they are, but lets them do nothing', () => {
    const name = 'a\x1b[2J\nb';
    const stage = { ...snapshot.stage!, label: name } as LiveSnapshot['stage'];
    const text = liveView({ ...snapshot, stage }, { columns: 80, rows: 24 }, plain).join('|');
    expect(text).toContain('|a [2J b');
  });

  it('counts requests where these end the phase', () => {
    const stage = {
      kind: 'running',
      label: 'load',
      elapsedSeconds: 10,
      seconds: null,
      requests: 1_543_208,
      unit: 'request',
    } as const;
    const [line] = liveView({ ...snapshot, course: null, stage }, { columns: 60, rows: 24 }, plain);
    expect(line).toBe('load         ━━━━━━━━━━━━━━━━━━━━━━━━──────  10 s, 3 s left');
  });

  it('shows how many connections are open while they are opened', () => {
    const stage = { kind: 'opening', label: 'hold' } as const;
    const lines = liveView({ ...snapshot, course: null, stage }, { columns: 70, rows: 24 }, plain);
    expect(lines).toEqual([
      'hold         ━━━━━━━━━━━━━━━━━━━━━━  opening 9,999/10,000 connections',
    ]);
  });
});

describe('the live line', () => {
  it('says the same in one', () => {
    expect(liveLine(snapshot)).toBe(
      'go-bare (2 of 9)  load  5/30 s, 25 s left  1,234,567 responses, 200,000/s, p50 100 µs, ' +
        'p99 1.80 ms, 9,999/10,000 connections, errors: 1,200 reset, 3 timeout, ' +
        'generator at its limit, CPU 97.0 %, waiting for a CPU 1.00 %  about 1 h 2 min left',
    );
  });
});
