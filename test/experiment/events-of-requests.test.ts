import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { nowMicros } from '../../src/basis/clock.js';
import { csvReport } from '../../src/report/csv.js';
import { prometheusReport } from '../../src/report/prometheus.js';
import { requestsTable } from '../../src/report/requests-table.js';
import { subjectsOf } from '../../src/report/subject.js';
import { Chalk } from 'chalk';
import { eventServer } from '../fixtures/event-server.js';
import { engines } from '../fixtures/uring.js';

/** When each of their events comes, in milliseconds; `plain` is no stream. */
const streams = { early: [10, 50], late: [60, 70, 80, 90] } as const;
type Name = keyof typeof streams;
const names = Object.keys(streams) as Name[];
const scenario = `name: mix
requests:
  - { name: early, path: /early, stream: sse }
  - { name: late, path: /late, stream: sse }
  - { name: plain, path: /plain }
phases: [{ name: all, requests: 120, connections: 12 }]
failIf: ['early.ttft.p50<=10s', 'late.ttft.p50<=59ms', 'late.eventsPerSecond>=0.1']
`;

/** By path: from a request to each of its events, by the server's clock. */
const said: Record<Name, number[][]> = { early: [], late: [] };
let server: Awaited<ReturnType<typeof eventServer>>;
beforeAll(async () => {
  server = await eventServer('1.1', (_, speaker, path) => {
    const askedAt = nowMicros();
    const at = streams[path.slice(1) as Name] as readonly number[] | undefined;
    speaker.head(at === undefined ? 'text/plain' : 'text/event-stream');
    if (at === undefined) return speaker.end();
    const told: number[] = [];
    said[path.slice(1) as Name].push(told);
    // One after the other: late timers need not come in their order.
    const next = (number: number): void => {
      if (number === at.length) return void speaker.end();
      const left = at[number]! - (nowMicros() - askedAt) / 1000;
      setTimeout(() => {
        told.push(nowMicros() - askedAt);
        speaker.event('data: x\n\n');
        next(number + 1);
      }, left);
    };
    next(0);
    return undefined;
  });
});
afterAll(() => server.close());

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe.each(engines.filter((engine) => engine !== 'undici'))(
  'events of several requests, the engine %s',
  (engine) => {
    it('are told of each as the server says them, and leave none out', async () => {
      for (const name of names) said[name].length = 0;
      const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'mix.yaml');
      writeFileSync(file, scenario);
      const { result } = await run(server.url, { scenario: file, engine, threads: 1 });
      const phase = result.targets[0]!.trials[0]!.phases[0]!;
      const of = (name: string) => phase.requests.find((request) => request.name === name)!;
      expect(of('plain').events).toBeNull();
      for (const name of names) {
        const { events, responses } = of(name);
        expect(responses).toBe(said[name].length);
        expect(events).toMatchObject({
          streams: responses,
          received: responses * streams[name].length,
          withoutEvents: 0,
          firstEventUs: { count: responses },
          betweenUs: { count: responses * (streams[name].length - 1) },
        });
        // c1m's wait holds the server's, and what a busy machine adds to either end.
        const first = median(said[name].map((each) => each[0]!));
        expect(events!.firstEventUs!.p50).toBeGreaterThan(first * 0.99);
        expect(events!.firstEventUs!.p50).toBeLessThan(first + 40_000);
        expect(events!.firstByteUs!.p50).toBeLessThanOrEqual(events!.firstEventUs!.p50);
      }
      const [early, late] = names.map((name) => of(name).events!);
      expect(early!.betweenUs!.p50).toBeGreaterThan(late!.betweenUs!.p50);
      expect(early!.firstEventUs!.p50).toBeLessThan(late!.firstEventUs!.p50);
      expect(total([early!.received, late!.received])).toBe(phase.events!.received);
      expect(total([early!.perSecond, late!.perSecond])).toBeCloseTo(phase.events!.perSecond);
      for (const wait of ['firstByteUs', 'firstEventUs', 'betweenUs'] as const) {
        const counts = [early!, late!].map((events) => events[wait]!.count);
        expect(total(counts)).toBe(phase.events![wait]!.count);
      }
      expect(result.thresholds.map(({ holds }) => holds)).toEqual([true, false, true]);

      const lines = csvReport([result]).split('\r\n');
      const heads = lines[0]!.split(',');
      const cells = lines.map((line) => line.split(','));
      const row = cells.find((each) => each[heads.indexOf('request')] === 'late')!;
      expect(row[heads.indexOf('firstEventUsP50')]).toBe(String(late!.firstEventUs!.p50));
      expect(row[heads.indexOf('betweenEventsUsCensored')]).toBe('0');
      expect(row[heads.indexOf('events')]).toBe(String(late!.received));
      const gauges = prometheusReport([result]);
      expect(gauges).toMatch(
        new RegExp(
          `c1m_request_first_event_seconds_count\\{.*request="late".*\\} ${late!.streams}`,
        ),
      );
      expect(gauges).toMatch(/c1m_request_events_per_second\{.*request="early"/);
      expect(gauges).not.toMatch(/c1m_request_first_event_seconds_count\{.*request="plain"/);
      const table = requestsTable(subjectsOf([result]), 200, new Chalk({ level: 0 }))!;
      expect(table).toMatch(/events\/s.*TTFT p50.*ITL p99/);
    }, 20_000);
  },
);
