import { connect } from 'node:http2';
import { get } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createEngine } from '../../src/load/create-engine.js';
import type { LoadPlan, Origin, RequestSpec } from '../../src/load/plan.js';
import { warmUp } from '../../src/load/warm-up.js';
// What starts a thread is of dist/.
import { WarmUpPartner } from '../../dist/load/warm-up-partner.js';
import { engines, hasUring } from '../fixtures/uring.js';
import { planned } from './protocol/http1/planned.js';

let partner: WarmUpPartner | null = null;
afterEach(async () => {
  await partner?.stop();
  partner = null;
});

const origin: Origin = {
  protocol: 'http:',
  hostname: 'localhost',
  address: '127.0.0.1',
  port: 1,
};
const secured: Origin = { ...origin, protocol: 'https:' };
const call: Partial<RequestSpec> = {
  method: 'POST',
  path: '/helloworld.Greeter/SayHello',
  grpc: {
    method: 'helloworld.Greeter/SayHello',
    kind: 'unary',
    written: null,
    files: null,
    pingPong: false,
    messages: [[{ kind: 'octets', octets: Buffer.from([10, 1, 97]) }]],
  },
};

function planOf(overlay: Partial<LoadPlan>, asked: Partial<RequestSpec> = {}): LoadPlan {
  const plan = planned(asked);
  return {
    ...plan,
    origins: [origin],
    phases: [
      {
        name: 'load',
        durationMicros: 2e6,
        requests: null,
        connections: { from: 4, to: 4 },
        arrival: { kind: 'closed' },
        record: true,
      },
    ],
    ...overlay,
  };
}

const plans = {
  'HTTP/1.1': planOf({}),
  'HTTP/1.1 over TLS': planOf({ origins: [secured] }),
  'HTTP/2': planOf({ http2: true, streams: 10 }),
  'HTTP/2 over TLS': planOf({ http2: true, streams: 10, origins: [secured] }),
  calls: planOf({ http2: true, streams: 4 }, call),
  WebSockets: planOf({ origins: [{ ...origin, webSocket: true }] }, { body: 'hello' }),
};

describe.runIf(hasUring)('before a load', () => {
  it.each(
    Object.entries(plans).flatMap(([what, plan]) =>
      engines
        .filter((engine) => engine === 'uring' || what === 'HTTP/2 over TLS')
        .filter((engine) => engine !== 'undici')
        .map((engine) => ({ what, engine, plan: { ...plan, engine } })),
    ),
  )('of $what with the engine $engine, its worker answers itself', async ({ plan }) => {
    partner = await WarmUpPartner.start(plan);
    const setup = {
      plan,
      spin: false,
      shard: { index: 0, count: 1 },
      warmUpPort: partner!.port,
    };
    const { answered, errors } = await warmUp(setup, await createEngine(plan), partner!.port);
    expect(errors).toEqual([]);
    // As many as the time allows, which on a busy machine may be few.
    expect(answered).toBeGreaterThan(500);
  });

  it('nothing is warmed for a load that is over before the compiler is, nor for a fan-out', async () => {
    const { phases } = plans['HTTP/1.1'];
    const short = phases.map((phase) => ({ ...phase, durationMicros: 500_000 }));
    const publishing = { number: 1 } as unknown as LoadPlan['fanOut'];
    expect(await WarmUpPartner.start(planOf({ phases: short }))).toBeNull();
    expect(await WarmUpPartner.start(planOf({ fanOut: publishing }))).toBeNull();
  });
});

describe.runIf(hasUring)('who answers then is understood by others', () => {
  it('over HTTP/1.1 in TLS', async () => {
    partner = await WarmUpPartner.start(plans['HTTP/1.1 over TLS']);
    const status = await new Promise((resolve, reject) => {
      const to = { host: '127.0.0.1', port: partner!.port, rejectUnauthorized: false };
      get(to, ({ statusCode }) => resolve(statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
  });

  it('over HTTP/2 in TLS', async () => {
    partner = await WarmUpPartner.start(plans['HTTP/2 over TLS']);
    const session = connect(`https://127.0.0.1:${partner!.port}`, { rejectUnauthorized: false });
    try {
      const body = await new Promise<string>((resolve, reject) => {
        session.on('error', reject);
        const stream = session.request({ ':path': '/' });
        let text = '';
        stream.setEncoding('utf8');
        stream.on('data', (part: string) => (text += part));
        stream.on('error', reject).on('end', () => resolve(text));
      });
      expect(body).toBe('Hello, World!');
    } finally {
      session.destroy();
    }
  });

  it('over a WebSocket', async () => {
    partner = await WarmUpPartner.start(plans.WebSockets);
    const socket = new WebSocket(`ws://127.0.0.1:${partner!.port}/`);
    const answers: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => {
        for (const bytes of [3, 300, 70_000]) socket.send('x'.repeat(bytes));
      });
      socket.on('message', (answer: Buffer) => {
        if (answers.push(answer.toString()) === 3) socket.close();
      });
      socket.on('close', () => resolve());
    });
    expect(answers).toEqual(['ok', 'ok', 'ok']);
  });
});
