import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistogramLogReader } from 'hdr-histogram-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchema, run } from '../../dist/index.js';
import { addNamed } from '../../src/results/counts.js';
import { serveMixed } from '../fixtures/mixed-server.js';
import { engines } from '../fixtures/uring.js';

const weights = { fast: 3, slow: 1, missing: 0.5, moved: 0.5, gone: 0.5 };
const requests = `requests:
  - { name: fast, path: '/fast?n={seq}', weight: 3 }
  - { name: slow, path: /slow }
  - { name: missing, path: /missing, weight: 0.5 }
  - { name: moved, path: /moved, weight: 0.5, expect: { status: 200 } }
  - { name: gone, path: /gone, weight: 0.5, expect: { status: 404 } }
`;
const closed = '{ name: closed, requests: 1k, connections: 20 }';
const paced = '{ name: paced, duration: 2s, connections: 100, rate: 400/s }';

/** From the server's clock to c1m's are two wake-ups, and undici's faults are contained at a price. */
const wakeUpMicros = { uring: 500, net: 500, undici: 1_500 };
/** What disturbs a trial can only add to it. */
const trials = 4;

let server: Awaited<ReturnType<typeof serveMixed>>;
beforeAll(async () => void (server = await serveMixed()));
afterAll(() => server.close());

function scenario(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-requests-')), 'mix.yaml');
  writeFileSync(file, `name: mix\n${text}`);
  return file;
}

async function phasesOf(text: string, engine: (typeof engines)[number], url = server.url) {
  const { result, intervalLog } = await run(url, { scenario: scenario(text), engine });
  resultSchema.parse(result);
  return { ...result.targets[0]!.trials[0]!, intervalLog };
}

const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);

describe.each(engines)('of several requests, the engine %s', (engine) => {
  it.each([closed, paced])('counts each apart, and leaves none out: %s', async (phase) => {
    server.take();
    const trial = await phasesOf(`${requests}phases: [${phase}]\n`, engine);
    const served = server.take();
    const { load, latencyUs, requests: each, warnings } = trial.phases[0]!;

    expect(each.map(({ name }) => name)).toEqual(Object.keys(weights));
    for (const { name, requestsSent, path, weight } of each) {
      expect(requestsSent).toBe(served.get(`/${name}`)!.answers);
      expect(path.split('?')[0]).toBe(`/${name}`);
      expect(weight).toBe(weights[name as keyof typeof weights]);
      const share = weight / sum(Object.values(weights));
      // Four standard deviations of what is drawn.
      const drawn = Math.sqrt(load.requestsSent * share * (1 - share));
      expect(Math.abs(requestsSent - load.requestsSent * share)).toBeLessThan(4 * drawn);
    }

    expect(sum(each.map(({ requestsSent }) => requestsSent))).toBe(load.requestsSent);
    expect(sum(each.map(({ responses }) => responses))).toBe(load.responses);
    expect(sum(each.map(({ requestsPerSecond }) => requestsPerSecond))).toBeCloseTo(
      load.requestsPerSecond,
    );
    expect(addNamed(each.map(({ statusCodes }) => statusCodes))).toEqual(load.statusCodes);
    expect(addNamed(each.map(({ errors }) => errors))).toEqual(load.errors);
    expect(sum(each.map(({ errorResponses }) => errorResponses))).toBe(load.errorResponses);
    const [counts, micros] = [
      each.map((request) => request.latencyUs?.count ?? 0),
      each.map(({ latencyUs: of }) => (of === null ? 0 : of.count * of.mean)),
    ];
    expect(sum(counts)).toBe(latencyUs!.count);
    expect(sum(micros) / sum(counts)).toBeCloseTo(latencyUs!.mean, 3);

    // Statuses and errors are those of their own request only.
    const [fast, slow, missing, moved, gone] = each;
    for (const { statusCodes, requestsSent, errors, errorResponses } of [fast!, slow!]) {
      expect(statusCodes).toEqual({ '200': requestsSent });
      expect({ errors, errorResponses }).toEqual({ errors: {}, errorResponses: 0 });
    }
    expect(missing).toMatchObject({
      statusCodes: { '404': missing!.requestsSent },
      errors: {},
      errorResponses: missing!.requestsSent,
    });
    expect(moved).toMatchObject({
      statusCodes: { '301': moved!.requestsSent },
      errors: { 'unexpected-status': moved!.requestsSent },
      errorResponses: 0,
      responses: 0,
      latencyUs: null,
    });
    expect(gone).toMatchObject({ errors: {}, errorResponses: 0, responses: gone!.requestsSent });

    // The warning counts and lists the 404s that nobody expects, and not the others.
    const warning = warnings.find(({ code }) => code === 'error-statuses')!.message;
    expect(warning).toBe(
      `${missing!.requestsSent} of ${load.responses} responses have an error status: ${missing!.requestsSent} 404`,
    );
  });

  it('measures the median of each neither below the server’s own, nor 2 % above it', async () => {
    const mix = 'requests: [{ name: fast, path: /fast, weight: 3 }, { name: slow, path: /slow }]';
    let beyond: string[] = [];
    for (let trial = 0; trial < trials; trial++) {
      server.take();
      const { phases } = await phasesOf(`${mix}\nphases: [${closed}]\n`, engine);
      const served = server.take();
      const own = phases[0]!.requests.map(({ name, latencyUs }) => {
        const truth = served.get(`/${name}`)!.micros.toSorted((a, b) => a - b);
        return { name, p50: latencyUs!.p50, truth: truth[Math.ceil(truth.length / 2) - 1]! };
      });
      expect(own[0]!.truth).toBeLessThan(25_000);
      expect(own[1]!.truth).toBeGreaterThan(49_000);
      // The server's clock runs later than its kernel's, and stops earlier.
      for (const { p50, truth } of own) expect(p50).toBeGreaterThanOrEqual(truth * 0.999 - 1);
      beyond = own
        .filter(({ p50, truth }) => p50 > truth * 1.02 + wakeUpMicros[engine])
        .map(({ name, p50, truth }) => `${name}: ${p50} µs, the server's own ${truth} µs`);
      if (beyond.length === 0) break;
    }
    expect(beyond).toEqual([]);
  });
});

const [engine] = engines;

it('the interval log has the latency of each request of each phase', async () => {
  const calm = '{ name: calm, requests: 100, connections: 10 }';
  const rush = '{ name: the rush, requests: 200, connections: 20 }';
  const text = `requests: [{ path: /fast, weight: 3 }, { path: /slow }]\nphases: [${calm}, ${rush}]\n`;
  const { phases, intervalLog } = await phasesOf(text, engine!);
  const logged: Record<string, number> = {};
  const reader = new HistogramLogReader(intervalLog);
  for (let each; (each = reader.nextIntervalHistogram()) !== null;) {
    logged[each.tag] = (logged[each.tag] ?? 0) + each.totalCount;
  }
  for (const { name, latencyUs, requests: each } of phases) {
    const tag = `${name.replaceAll(' ', '-')}/latency`;
    expect(logged[tag]).toBe(latencyUs!.count);
    for (const request of each) {
      expect(logged[`${tag}/${request.name.replaceAll(' ', '-')}`]).toBe(request.latencyUs!.count);
    }
  }
});

it('a single request has no figures beside those of its phase', async () => {
  const { phases, intervalLog } = await phasesOf(
    'requests: [{ path: /fast }]\nphases: [{ name: all, requests: 50, connections: 5 }]\n',
    engine!,
  );
  expect(phases[0]!.requests).toEqual([]);
  expect(intervalLog).not.toContain('latency/');
});

it('what was never sent belongs to no request', async () => {
  const gone = await serveMixed();
  gone.close();
  const phase = '{ name: none, duration: 400ms, connections: 5, rate: 100/s }';
  const text = `keepAlive: false\nconnectTimeout: 100ms\n${requests}phases: [${phase}]\n`;
  const { phases } = await phasesOf(text, engine!, gone.url);
  const [{ load, requests: each }] = phases as [(typeof phases)[number]];
  expect(sum(Object.values(load.connectErrors))).toBeGreaterThan(0);
  expect(each).toHaveLength(5);
  for (const { requestsSent, errors, latencyUs } of each) {
    expect({ requestsSent, errors, latencyUs }).toEqual({
      requestsSent: 0,
      errors: {},
      latencyUs: null,
    });
  }
});
