import { createServer, type RequestListener } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { overTheWindow } from '../../src/measure/probe/difference.js';
import { parseProbeAnswer } from '../../src/measure/probe/answer.js';
import { ProbeSampler } from '../../src/measure/probe/sampler.js';
import { probeSchema } from '../../src/results/probe.js';

/** Answers as the nth question is answered by `answer`; what is no string is sent as JSON. */
async function probe(answer: (nth: number) => unknown) {
  let asked = 0;
  const listener: RequestListener = (_request, response) => {
    asked += 1;
    const body = answer(asked);
    if (body === undefined) return;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(end);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/probe`, asked: () => asked, end };
}

/** Counts ten each time it is asked; of each ten waits, seven are short and one has no bound. */
const figures = (nth: number) => ({
  runtime: 'fixture',
  version: '1.0',
  tasks: { kind: 'fixtures', count: 100 + nth },
  gauges: { levelBytes: -nth },
  counters: { events: 1_000 + 10 * nth },
  histograms: { waitUs: { bounds: [10, 100], counts: [50 + 7 * nth, 2 * nth, nth] } },
});

async function sampled(urls: readonly string[], forMs: number, options = {}) {
  const sampler = new ProbeSampler(urls, { intervalMs: 50, ...options });
  sampler.start();
  await sleep(forMs);
  const result = await sampler.finish();
  expect(probeSchema.parse(result)).toEqual(result);
  return result;
}

describe('ProbeSampler', () => {
  it('says what was counted between its first sample and its last', async () => {
    const { url, asked } = await probe(figures);
    const sampler = new ProbeSampler([url], { intervalMs: 50 });
    await sampler.wake();
    expect(asked()).toBe(1);
    sampler.start();
    await sleep(300);
    const result = await sampler.finish();
    const samples = asked() - 1;
    expect(samples).toBeGreaterThanOrEqual(2);
    expect(result).toMatchObject({ runtime: 'fixture', version: '1.0', taskKind: 'fixtures' });
    expect(result.samples.map(({ tasks, gauges }) => [tasks, gauges])).toEqual(
      // The first question was asked to wake it up, before the window.
      Array.from({ length: samples }, (_, i) => [102 + i, { levelBytes: -2 - i }]),
    );
    const steps = samples - 1;
    expect(result.counters).toEqual({ events: 10 * steps });
    expect(result.histograms).toEqual({
      waitUs: { bounds: [10, 100], counts: [7 * steps, 2 * steps, steps] },
    });
    expect(result).toMatchObject({ missed: 0, problem: null });
    expect(result.spanSeconds).toBe(
      result.samples.at(-1)!.atSeconds - result.samples[0]!.atSeconds,
    );
  });

  it('begins each window anew, and asks nobody between them', async () => {
    const { url, asked } = await probe(figures);
    const sampler = new ProbeSampler([url], { intervalMs: 20 });
    sampler.start();
    await sleep(100);
    await sampler.finish();
    const before = asked();
    await sleep(100);
    expect(asked()).toBe(before);
    sampler.start();
    const second = await sampler.finish();
    expect(second.samples).toHaveLength(asked() - before);
    expect(second.counters).toEqual({ events: 10 });
  });

  it('adds up its replicas, and tells their samples apart', async () => {
    const [one, two] = [await probe(figures), await probe(figures)];
    const result = await sampled([one.url, two.url], 120);
    expect(result.counters).toEqual({ events: 10 * (one.asked() - 1 + two.asked() - 1) });
    expect(result.samples.filter(({ replica }) => replica === 1)).toHaveLength(two.asked());
  });

  it('counts what a probe that hangs did not answer, one question at a time', async () => {
    const { url, asked } = await probe((nth) => (nth === 1 ? figures(nth) : undefined));
    const startedAt = performance.now();
    const result = await sampled([url], 400, { timeoutMs: 100 });
    // Each but the first takes until its time-out, 1 ms early at the most.
    expect(asked()).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 99);
    expect(result.missed).toBe(asked() - 1);
    expect(result.missed).toBeGreaterThan(1);
    expect(result.problem).toBe('no complete answer within 100 ms');
    expect(result.samples).toHaveLength(1);
    expect(result.counters).toEqual({ events: 0 });
  });

  it.each([
    ['Hello', /^it is no JSON: "Hello"$/],
    ['x'.repeat(2 ** 21), /longer than 1048576 bytes/],
    [{ ...figures(1), tasks: { kind: 'a', count: 1.5 } }, /^tasks\.count: .*whole number/],
    [
      { ...figures(1), histograms: { a: { bounds: [2, 1], counts: [0, 0] } } },
      /bounds have to rise; .*counts: 2 counts for 2 bounds/,
    ],
    [{ ...figures(1), counters: { 'a b': 1 } }, /counters\.a b/],
  ])('counts rubbish as missed, and says what is wrong with it', async (rubbish, problem) => {
    const { url, asked } = await probe(() => rubbish);
    const result = await sampled([url], 60);
    expect(result).toMatchObject({ runtime: null, taskKind: null, samples: [], counters: {} });
    expect(result.missed).toBe(asked());
    expect(result.problem).toMatch(problem);
  });

  it.each([
    ['HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', 'it answered with status 404'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"runtime"', 'ECONNRESET'],
    ['SSH-2.0-OpenSSH_9.6\r\n', 'HPE_INVALID_CONSTANT'],
    ['', 'ECONNRESET'],
  ])('counts an answer of %j as missed', async (answer, problem) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const result = await sampled([`http://127.0.0.1:${port}/probe`], 20);
    expect(result).toMatchObject({ samples: [], problem });
    expect(result.missed).toBeGreaterThan(0);
  });

  it('keeps what it has when a probe dies', async () => {
    const { url, asked, end } = await probe(figures);
    const sampler = new ProbeSampler([url], { intervalMs: 20 });
    sampler.start();
    await sleep(100);
    end();
    await sleep(100);
    const result = await sampler.finish();
    expect(result.samples.length).toBeGreaterThan(1);
    expect(result.samples.length).toBeLessThanOrEqual(asked());
    expect(result.counters).toEqual({ events: 10 * (result.samples.length - 1) });
    expect(result.missed).toBeGreaterThan(1);
    expect(result.problem).toBe('ECONNREFUSED');
  });
});

describe('the figures of a window', () => {
  const at = (atSeconds: number, answer: object) => ({
    atSeconds,
    answer: parseProbeAnswer(JSON.stringify({ runtime: 'a', version: '1', ...answer })),
  });

  it('hold a counter from the first sample that has it', () => {
    const { counters, samples } = overTheWindow([
      [
        at(0, {}),
        at(1, { counters: { gcPauses: 4 }, tasks: { kind: 'tasks', count: 2 } }),
        at(2, { counters: { gcPauses: 9 } }),
        at(3, {}),
      ],
    ]);
    expect(counters).toEqual({ gcPauses: 5 });
    expect(samples.map(({ tasks }) => tasks)).toEqual([null, 2, null, null]);
  });

  it('leave out what fell, changed its bounds, or is not every replica’s', () => {
    const histogram = (bound: number, count: number) => ({ bounds: [bound], counts: [count, 0] });
    const rising = [at(0, { counters: { a: 1, b: 1 } }), at(1, { counters: { a: 2, b: 2 } })];
    expect(overTheWindow([rising, [at(0, { counters: { b: 3 } })]]).counters).toEqual({ b: 1 });
    expect(
      overTheWindow([
        [
          at(0, { counters: { a: 2 }, histograms: { h: histogram(1, 5), i: histogram(1, 5) } }),
          at(1, { counters: { a: 1 }, histograms: { h: histogram(1, 4), i: histogram(2, 6) } }),
        ],
      ]),
    ).toMatchObject({ counters: {}, histograms: {} });
  });
});
