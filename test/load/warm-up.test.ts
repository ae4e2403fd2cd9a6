import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../dist/load/create-engine.js';
import { toLoadPlan, defaultMemoryLimit } from '../../dist/config/load-plan.js';
import { readRunRequest } from '../../dist/config/run-request.js';
import type { LoadPlan } from '../../dist/load/plan.js';
import { warmUp } from '../../dist/load/warm-up.js';
import { WarmUpPartner } from '../../dist/load/warm-up-partner.js';
import { ownCertificate } from '../../src/serve/own-certificate.js';
import { engines } from '../fixtures/uring.js';

const proto = new URL('../grpc/greeter.proto', import.meta.url).pathname;
const call = { grpc: 'test.greeter.Greeter/SayHello', proto: [proto], data: '{"name":"a"}' };
const loads = {
  'HTTP/1.1': ['http://127.0.0.1:1/', {}],
  'HTTP/1.1 over TLS': ['https://127.0.0.1:1/', {}],
  'HTTP/2': ['http://127.0.0.1:1/', { http2: true, streams: '4' }],
  'HTTP/2 over TLS': ['https://127.0.0.1:1/', { http2: true }],
  'calls of gRPC': ['http://127.0.0.1:1/', call],
  WebSockets: ['ws://127.0.0.1:1/', { body: 'x' }],
  'WebSockets over TLS': ['wss://127.0.0.1:1/', { body: 'x' }],
} as const;

async function planOf(
  url: string,
  flags: Parameters<typeof readRunRequest>[0],
  engine: (typeof engines)[number],
): Promise<LoadPlan> {
  const { scenario, targets, settings } = await readRunRequest({ duration: '2s', ...flags }, [url]);
  const origins = targets.map(({ origin }) => ({ ...origin, address: '127.0.0.1' }));
  const more = { engine, loadCpus: 1, userAgent: 'c1m', memoryLimit: defaultMemoryLimit };
  return toLoadPlan(scenario, origins, { ...settings, ...more, threads: 1 });
}

/** The protocols are one for both transports, so net has just one over TLS and one without. */
const cases = Object.entries(loads).flatMap(([what, [url, flags]]) =>
  engines
    .filter((engine) => engine === 'uring' || ['HTTP/2 over TLS', 'WebSockets'].includes(what))
    .filter((engine) => engine !== 'undici')
    .map((engine) => [what, engine, url, flags] as const),
);

describe('the warm-up of load workers', { retry: 2 }, () => {
  it.each(cases)('is answered: %s by %s', async (_, engine, url, flags) => {
    const plan = await planOf(url, flags, engine);
    const partner = await WarmUpPartner.start(plan);
    if (partner === null) throw new Error('there is none');
    try {
      const setup = { plan, spin: false, shard: { index: 0, count: 1 }, warmUpPort: partner.port };
      expect(await warmUp(setup, await createEngine(plan), partner.port)).toBeNull();
    } finally {
      await partner.stop();
    }
  });

  it.each([
    [
      'a fan-out',
      'ws://127.0.0.1:1/',
      { body: '{seq}', fanOut: true, rate: '10', connections: '3' },
    ],
    ['a load of less than a second', 'https://127.0.0.1:1/', { duration: '900ms' }],
  ] as const)('is not there for %s', async (_, url, flags) => {
    expect(await WarmUpPartner.start(await planOf(url, flags, 'net'))).toBeNull();
  });
});

it('the certificate of the warm-up is one that OpenSSL reads, by a key of its own', () => {
  const { cert } = ownCertificate();
  const read = new X509Certificate(cert);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.subject).toBe('CN=c1m warm-up');
  expect(new Date(read.validTo).getTime()).toBeGreaterThan(Date.now());
  expect(ownCertificate().cert).not.toBe(cert);
});
