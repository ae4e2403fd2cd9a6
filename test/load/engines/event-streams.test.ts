import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../../dist/index.js';
import { eventServer, type Speaker } from '../../fixtures/event-server.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

let server: Awaited<ReturnType<typeof eventServer>> | undefined;
afterEach(() => server?.close());

/** Each engine and each protocol once: which of them it is makes no difference to the other. */
const ours = engines.filter((engine) => engine !== 'undici');
const combinations = [
  [ours[0]!, '1.1'],
  [ours.at(-1)!, '2'],
] as const;

/** Events of a text/event-stream one after the other, with so many milliseconds before each. */
async function speak(speaker: Speaker, pauses: readonly number[]): Promise<void> {
  speaker.head('text/event-stream; charset=utf-8');
  for (const pause of pauses) {
    await sleep(pause);
    speaker.write(': so far\n\nid: 1\nda');
    speaker.event('ta: hello\n\n');
  }
}

describe.each(combinations)('streams of events, by %s over HTTP/%s,', (engine, over) => {
  const flags = { engine, http2: over === '2', threads: 1, timeout: '5s', stream: true } as const;

  it('are no longer than the timeout between octets, however long as a whole', async () => {
    server = await eventServer(over, async (k, speaker) => {
      await speak(speaker, [0, 100, 100, 100, 100]);
      // The second is silent from then on.
      if (k !== 1) speaker.end();
    });
    const asked = { ...flags, requests: 3, connections: 3, timeout: '300ms' };
    const { load, events, latencyUs } = await phaseOf(server.url, asked);
    expect(load).toMatchObject({ responses: 2, errors: { timeout: 1 } });
    expect(latencyUs!.min).toBeGreaterThan(390_000);
    expect(events).toMatchObject({ streams: 3, received: 15, withoutEvents: 0 });
    // The silence is in it, as long as it was waited for.
    expect(events!.betweenUs).toMatchObject({ count: 13, censored: 1 });
    expect(events!.betweenUs!.max).toBeGreaterThanOrEqual(300_000);
    expect(events!.firstEventUs).toMatchObject({ count: 3, censored: 0 });
  });

  it('that are broken off are failed, with the events until then', async () => {
    server = await eventServer(over, async (k, speaker) => {
      await speak(speaker, [0, 20]);
      await sleep(20);
      if (k % 2 === 0) speaker.breakOff();
      else speaker.end();
    });
    const { load, events } = await phaseOf(server.url, { ...flags, requests: 4, connections: 2 });
    const kind = over === '1.1' ? 'truncated' : 'stream-reset';
    expect(load).toMatchObject({ responses: 2, errors: { [kind]: 2 } });
    expect(events).toMatchObject({ streams: 4, received: 8 });
  });

  it('that last longer than the phase are ended, and nothing is wrong with them', async () => {
    server = await eventServer(over, (_, speaker) => void speak(speaker, Array(200).fill(20)));
    const asked = { ...flags, duration: '400ms', connections: 3, timeout: '200ms' };
    const { load, events, valid, latencyUs } = await phaseOf(server.url, asked);
    expect(load).toMatchObject({ requestsSent: 3, responses: 0, errors: {}, inFlightAtEnd: 3 });
    expect(valid).toBe(true);
    expect(latencyUs).toMatchObject({ count: 3, censored: 3 });
    expect(events!.firstEventUs).toMatchObject({ count: 3, censored: 0 });
    expect(events!.betweenUs!.censored).toBe(0);
    // Those that came while the others were waited for count as received, and in no rate.
    expect(events!.received).toBeGreaterThan(events!.perSecond * load.durationSeconds);
    expect(events!.received).toBeLessThanOrEqual(
      server.spoken.reduce((sum, { events: spoken }) => sum + spoken.length, 0),
    );
  });

  it('are read by status and Content-Type, unless it is said what they are', async () => {
    server = await eventServer(over, (_, speaker, path) => {
      const [, type = '', status = ''] = path.split('/');
      speaker.head(decodeURIComponent(type), Number(status));
      for (let k = 0; k < 3; k++) speaker.event(`data: ${k}\n\n`);
      speaker.end();
    });
    const events = async (type: string, status: number, stream: boolean | string) => {
      const url = `${server!.url}${encodeURIComponent(type)}/${status}`;
      const phase = await phaseOf(url, { ...flags, stream, requests: 2, connections: 1 });
      expect(phase.load.responses).toBe(2);
      const { streams, received } = phase.events!;
      return `${received} in ${streams}: ${phase.warnings.map(({ code }) => code).join()}`;
    };
    expect(await events('Text/Event-Stream;charset=utf-8', 200, true)).toBe('6 in 2: ');
    expect(await events('application/x-ndjson', 200, true)).toBe('6 in 2: ');
    expect(await events('text/plain', 200, true)).toBe('0 in 0: no-events');
    expect(await events('text/plain', 200, 'sse')).toBe('6 in 2: ');
    expect(await events('text/event-stream', 503, true)).toBe('0 in 0: no-events,error-statuses');
  });

  it('with a rate count from when they were due, too', async () => {
    server = await eventServer(over, async (_, speaker) => {
      await speak(speaker, [50]);
      speaker.end();
    });
    // Each waits for those before it: one is answered every 50 ms, and one is due every 25.
    const asked = { ...flags, rate: 40, requests: 6, connections: 1 };
    const { events, generator } = await phaseOf(server.url, asked);
    const { firstEventUs, firstEventServiceUs, withoutEvents } = events!;
    expect(withoutEvents).toBe(0);
    expect(firstEventServiceUs!.min).toBeGreaterThanOrEqual(49_000);
    expect(firstEventUs!.max).toBeGreaterThan(firstEventServiceUs!.min + 5 * 25_000 - 10_000);
    expect(generator.wakeUpLagUs!.count).toBeGreaterThan(0);
  });
});

describe('a load with streams of events', () => {
  const [engine, over] = combinations[0];

  it('keeps what it has heard when it is interrupted', async () => {
    const heard = new AbortController();
    server = await eventServer(over, async (k, speaker) => {
      await speak(speaker, k === 0 ? [0, 10, 10] : []);
      if (k === 0) setTimeout(() => heard.abort(), 100);
    });
    const options = { engine, threads: 1, stream: true, connections: 2, duration: '30s' } as const;
    const { result } = await run(server.url, { ...options, signal: heard.signal });
    const [{ events, load } = {}] = result.targets[0]!.trials[0]!.phases;
    expect(load).toMatchObject({ inFlightAtEnd: 2, errors: {} });
    expect(events).toMatchObject({ streams: 2, received: 3 });
    // One of the two has not come to its first event.
    expect(events!.firstEventUs).toMatchObject({ count: 2, censored: 1 });
  });

  it('says which streams had no event, and tells requests that ask for none', async () => {
    server = await eventServer(over, async (k, speaker, path) => {
      await speak(speaker, path === '/plain' || k % 2 === 0 ? [0] : []);
      speaker.end();
    });
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-events-')), 'mixed.yaml');
    writeFileSync(
      file,
      `name: mixed
requests:
  - { path: /plain }
  - { path: /events, stream: sse }
failIf: [ttft.p99<=10s, events.betweenEvents.p50<=1s]
phases:
  - { name: events, connections: 1, requests: 40 }
`,
    );
    const { events, load, warnings, valid } = await phaseOf(server.url.slice(0, -1), {
      engine,
      threads: 1,
      scenario: file,
    });
    expect(load.responses).toBe(40);
    expect(events!.received + events!.withoutEvents).toBe(events!.streams);
    expect(events!.streams).toBeGreaterThan(5);
    expect(events!.streams).toBeLessThan(35);
    expect(warnings.map(({ code }) => code)).toEqual(['streams-without-events']);
    expect(valid).toBe(true);
  });

  it.each([
    [{ stream: true, engine: 'undici' as const }, /undici does not tell/],
    [{ stream: 'json' }, /no stream of events that c1m reads/],
    [{ failIf: ['ttft.p99<=1s'] }, /no request asks for a stream/],
  ])('is refused as %j', async (options, why) => {
    const asked = { ...options, connections: 1, requests: 1 };
    await expect(run('http://127.0.0.1:1/', asked)).rejects.toThrow(why);
  });

  it('is not of WebSockets', async () => {
    const asked = { stream: true, body: 'x', connections: 1, requests: 1 };
    await expect(run('ws://127.0.0.1:1/', asked)).rejects.toThrow(/no stream of events/);
  });
});
