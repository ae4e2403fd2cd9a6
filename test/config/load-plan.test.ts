import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../src/config/engine-choice.js';
import { toLoadPlan, type LoadSettings } from '../../src/config/load-plan.js';
import { scenarioDocument } from '../../src/config/scenario-document.js';
import { parseScenario } from '../../src/config/scenario-file.js';
import { scenarioHash } from '../../src/config/scenario-hash.js';
import type { Scenario } from '../../src/config/scenario.js';
import type { Origin } from '../../src/load/plan.js';
import { tlsDefaults } from '../../src/tls/settings.js';

const origin: Origin = { protocol: 'http:', hostname: 'h', port: 80, address: '127.0.0.1' };
const settings: LoadSettings = {
  engine: 'net',
  threads: null,
  loadCpus: 16,
  connectRatePerSecond: null,
  localAddresses: null,
  memoryLimit: { kind: 'share', share: 0.8 },
  userAgent: 'c1m/test',
};

function scenario(phases: string, more = ''): Promise<Scenario> {
  return parseScenario(`{name: s, requests: [{}], phases: [${phases}]${more}}`, 's.yaml');
}

async function threadsFor(phases: string, over: Partial<LoadSettings> = {}): Promise<number> {
  return toLoadPlan(await scenario(phases), [origin], { ...settings, ...over }).threads;
}

describe('a load plan', () => {
  it('holds what the scenario says, and where to', async () => {
    const plan = toLoadPlan(await scenario('{connections: 5, requests: 9}'), [origin], settings);
    expect(plan).toEqual({
      origins: [origin],
      requests: [
        {
          name: 'GET',
          method: 'GET',
          path: '',
          headers: [],
          body: null,
          weight: 1,
          expect: { status: null, bodyContains: null },
          stream: null,
        },
      ],
      data: null,
      phases: [
        {
          name: 'phase 1',
          durationMicros: null,
          requests: 9,
          connections: { from: 5, to: 5 },
          arrival: { kind: 'closed' },
          record: true,
        },
      ],
      engine: 'net',
      http2: false,
      fanOut: null,
      streams: 1,
      tls: tlsDefaults,
      proxyProtocol: null,
      threads: 4,
      keepAlive: true,
      connectRatePerSecond: null,
      localAddresses: null,
      memoryLimit: { kind: 'share', share: 0.8 },
      timeoutMicros: 10e6,
      connectTimeoutMicros: 10e6,
      deadlineMicros: null,
      seed: 1,
      userAgent: 'c1m/test',
    });
  });

  it('has a thread for each CPU of the load side, up to four, and more if asked for', async () => {
    const phase = '{connections: 100, duration: 1s}';
    expect(await threadsFor(phase, { loadCpus: 1 })).toBe(1);
    expect(await threadsFor(phase, { loadCpus: 2 })).toBe(2);
    expect(await threadsFor(phase)).toBe(4);
    expect(await threadsFor(phase, { threads: 12 })).toBe(12);
  });

  it('never has a thread without connections for its share of the requests', async () => {
    expect(await threadsFor('{connections: 3, duration: 1s}')).toBe(3);
    expect(await threadsFor('{connections: "1:100", duration: 1s}')).toBe(4);
    expect(await threadsFor('{connections: "1:100", duration: 1s, rate: 10}')).toBe(1);
    expect(
      await threadsFor('{connections: 2, requests: 9}, {connections: 100, duration: 1s}'),
    ).toBe(2);
  });
});

describe('the engine', () => {
  const auto = { engine: 'auto', http2: false } as const;
  const here = { available: true, setsOptions: true } as const;
  const hidden = { available: false, reason: 'OpenSSL is hidden', remedy: 'Show it' } as const;
  const absent = { available: false, reason: 'the kernel is old', remedy: 'Update it' } as const;

  it('is the fastest that can do it, and the reason says what kept it from a faster one', () => {
    expect(chooseEngine(auto, here, null)).toEqual({ name: 'uring', reason: null });
    expect(chooseEngine(auto, here, here)).toEqual({ name: 'uring', reason: null });
    expect(chooseEngine(auto, here, hidden)).toEqual({
      name: 'net',
      reason: 'TLS in uring: OpenSSL is hidden',
    });
    expect(chooseEngine(auto, absent, null)).toEqual({
      name: 'net',
      reason: 'uring: the kernel is old',
    });
    const http2 = { ...auto, http2: true };
    expect(chooseEngine(http2, here, null)).toEqual({ name: 'uring', reason: null });
    expect(chooseEngine(http2, { ...here, setsOptions: false }, null)).toEqual({
      name: 'net',
      reason: 'uring needs Linux ≥ 6.7 for HTTP/2',
    });
  });

  it('is the one that was named, or an error that says why it cannot be', () => {
    expect(chooseEngine({ ...auto, engine: 'undici' }, here, null).reason).toBeNull();
    const uring = { ...auto, engine: 'uring' } as const;
    expect(() => chooseEngine(uring, here, hidden)).toThrow(
      'uring cannot speak TLS here: OpenSSL is hidden',
    );
    expect(() => chooseEngine(uring, absent, null)).toThrow('the kernel is old');
  });

  it('is none that ignores where connections are to come from', () => {
    expect(chooseEngine(auto, here, null, true).name).toBe('uring');
    expect(chooseEngine({ ...auto, http2: true }, here, null, true).name).toBe('uring');
    const undici = { ...auto, engine: 'undici' } as const;
    expect(() => chooseEngine(undici, here, null, true)).toThrow('--local-ips: undici');
  });
});

describe('the hash of a scenario', () => {
  const phase = '{connections: 5, duration: 1s}';

  it('is the same for the same load, whatever it is called and however often it runs', async () => {
    const one = await scenario(phase);
    expect(scenarioHash(one, 'net')).toMatch(/^[0-9a-f]{16}$/);
    const [first] = one.phases;
    const renamed: Scenario = {
      ...one,
      name: 'other',
      description: 'another',
      trials: 9,
      engine: 'net',
      phases: [{ ...first!, name: 'renamed' }],
    };
    expect(scenarioHash(renamed, 'net')).toBe(scenarioHash(one, 'net'));
    const reversed = Object.fromEntries(Object.entries(one).reverse()) as unknown as Scenario;
    expect(scenarioHash(reversed, 'net')).toBe(scenarioHash(one, 'net'));
  });

  it('differs with everything that changes the load', async () => {
    const scenarios = await Promise.all([
      scenario(phase),
      scenario('{connections: 6, duration: 1s}'),
      scenario('{connections: 5, duration: 2s}'),
      scenario('{connections: 5, duration: 1s, rate: 5}'),
      scenario('{connections: 5, duration: 1s, record: false}'),
      ...['keepAlive: false', 'timeout: 1s', 'connectTimeout: 1s', 'seed: 2'].map((more) =>
        scenario(phase, `, ${more}`),
      ),
      scenario(phase, ', http2: true'),
    ]);
    const hashes = scenarios.map((each) => scenarioHash(each, 'net'));
    hashes.push(scenarioHash(scenarios[0], 'undici'));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not tell names of requests apart', async () => {
    const one = await scenario(phase);
    const named = { ...one, requests: [{ ...one.requests[0]!, name: 'the front page' }] };
    expect(scenarioHash(named, 'net')).toBe(scenarioHash(one, 'net'));
  });

  it('tells bodies apart, whether text or bytes', async () => {
    const one = await scenario(phase);
    const withBody = (body: string | Uint8Array): string =>
      scenarioHash({ ...one, requests: [{ ...one.requests[0]!, body }] }, 'net');
    expect(withBody('a')).not.toBe(withBody('b'));
    expect(withBody(Uint8Array.of(0x80))).not.toBe(withBody(Uint8Array.of(0x81)));
  });
});

describe('the document of a scenario', () => {
  it('is the scenario again, where it holds neither files nor what may be secret', async () => {
    const one = await parseScenario(
      `
name: s
description: All but files
requests:
  - {path: '/a/{seq}', weight: 2, headers: {Accept: [a/b, c/d]}, expect: {status: 200}}
  - {name: writes, method: PUT, path: /b}
phases:
  - {name: a, connections: 5, duration: 1500us, record: false}
  - {name: b, connections: 1:9, duration: 20ms, rate: 10/m}
  - {name: c, connections: 9, duration: 3s, rate: 0, touch: true}
  - {name: d, connections: 9, requests: 10}
deadline: 1s
`,
      's.yaml',
    );
    const text = JSON.stringify(scenarioDocument(one));
    expect(await parseScenario(text, 's.yaml')).toEqual(one);
  });

  it('keeps neither secrets nor whole files', async () => {
    const one = await scenario('{connections: 1, duration: 1s}');
    const document = JSON.stringify(
      scenarioDocument({
        ...one,
        requests: [
          {
            ...one.requests[0]!,
            headers: [
              ['Authorization', 'Basic c2VjcmV0'],
              ['X-Api-Key', 's3cr3t'],
            ],
            body: new Uint8Array(1000),
          },
        ],
        data: { columns: ['password'], rows: [['hunter2']] },
      }),
    );
    expect(document).not.toMatch(/c2VjcmV0|s3cr3t|hunter2/);
    expect(document).toMatch(/"bodyFile":"1000 bytes, sha256 [0-9a-f]{16}"/);
    expect(document).toMatch(/"data":"1 rows, sha256 [0-9a-f]{16}"/);
  });
});
