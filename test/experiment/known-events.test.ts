import { describe, expect, it } from 'vitest';
import { nowMicros } from '../../src/basis/clock.js';
import { eventServer, type Spoken } from '../fixtures/event-server.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';

const requests = 40;
const eventsEach = 10;
/** Of the server's plan; what it then did it writes down by its own clock. */
const firstMillis = 50;
const betweenMillis = 20;
/** The machine may be busy: one trial out of so many has to be right. */
const trials = 4;
/** As docs/measuring.md has it: the wake-up of the server's kernel and of c1m's thread, and a share. */
const wakeUpMicros = 500;
const toleranceShare = 0.02;

const combinations = engines
  .filter((engine) => engine !== 'undici')
  .flatMap((engine) => [[engine, '1.1'] as const, [engine, '2'] as const]);

describe.each(combinations)('events at known times, by %s over HTTP/%s,', (engine, over) => {
  it('are heard when the server says them', async () => {
    let beyond: string[] = [];
    for (let trial = 0; trial < trials; trial++) {
      beyond = await differences(engine, over);
      if (beyond.length === 0) break;
    }
    expect(beyond).toEqual([]);
  });
});

async function differences(engine: (typeof engines)[number], over: '1.1' | '2'): Promise<string[]> {
  const server = await eventServer(over, (_, speaker) => {
    speaker.head('text/event-stream');
    const start = nowMicros();
    let said = 0;
    const next = (): void => {
      // An event is here with its last octet, and not before.
      speaker.write(`data: ${said++}\n`);
      speaker.event('\n');
      if (said === eventsEach) speaker.end();
      else setTimeout(next, firstMillis + said * betweenMillis - (nowMicros() - start) / 1000);
    };
    setTimeout(next, firstMillis);
  });
  try {
    const flags = { engine, http2: over === '2', threads: 1, connections: 10, requests };
    const phase = await phaseOf(server.url, { ...flags, stream: true });
    const { firstByteUs, firstEventUs, betweenUs, received } = phase.events!;
    expect(received).toBe(requests * eventsEach);
    expect(firstEventUs!.count).toBe(requests);
    expect(betweenUs!.count).toBe(requests * (eventsEach - 1));
    const first = sorted(server.spoken.map(({ askedAt, events }) => events[0]! - askedAt));
    const between = sorted(server.spoken.flatMap(gapsOf));
    // c1m's wait begins before the server's and ends after it, so it holds it.
    expect(firstEventUs!.min).toBeGreaterThanOrEqual(first[0]! - 1);
    expect(firstEventUs!.p50).toBeGreaterThanOrEqual(middle(first) * 0.999);
    const own = wakeUpMicros + (phase.generator.wakeUpLagUs?.p99 ?? 0);
    return [
      ...unlike('TTFT, p50', firstEventUs!.p50, middle(first), own),
      ...unlike('ITL, p50', betweenUs!.p50, middle(between), own),
      ...unlike('ITL, mean', betweenUs!.mean, mean(between), own / eventsEach),
      // The head left at once.
      ...unlike('TTFB, p50', firstByteUs!.p50, 0, own + 2_000),
    ];
  } finally {
    server.close();
  }
}

function unlike(what: string, measured: number, truth: number, ownMicros: number): string[] {
  const off = Math.abs(measured - truth);
  if (off <= truth * toleranceShare + ownMicros) return [];
  return [`${what}: ${measured} µs, the server's own ${truth} µs, c1m's lag ${ownMicros} µs`];
}

function gapsOf({ events }: Spoken): number[] {
  return events.slice(1).map((at, place) => at - events[place]!);
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const middle = (ascending: readonly number[]): number =>
  ascending[Math.ceil(ascending.length / 2) - 1]!;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
