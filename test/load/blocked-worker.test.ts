import { expect, it } from 'vitest';
import { Connections } from '../../src/load/connections.js';
import type { Engine } from '../../src/load/engine.js';
import { ExchangeNumbers } from '../../src/load/exchange-numbers.js';
import { FailureReasons } from '../../src/load/failure-reasons.js';
import { UnderWay } from '../../src/load/under-way.js';
import { createEngine } from '../../src/load/create-engine.js';
import type { ShardOutcome } from '../../src/load/messages.js';
import type { LoadPlan } from '../../src/load/plan.js';
import type { Interval } from '../../src/load/recorder.js';
import { createSchedule } from '../../src/load/schedule.js';
import { ShardRunner } from '../../src/load/shard-runner.js';
import { OpenWorkload } from '../../src/load/workload/open.js';
import { nowMicros } from '../../src/basis/clock.js';
import { Counts } from '../../src/latency/counts.js';
import { Histogram } from '../../src/latency/histogram.js';
import { serve } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';
import { planned } from './protocol/http1/planned.js';

const shard = { index: 0, count: 1 };

function block(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end);
}

it('intended starts stay exactly even, however late and irregularly the worker looks', () => {
  const idle: Engine = {
    numbers: new ExchangeNumbers(1000, 1),
    traffic: { sent: 0, received: 0 },
    negotiated: [],
    handshakes: { full: 0, resumed: 0 },
    failureReasons: new FailureReasons(),
    open: () => undefined,
    send: () => undefined,
    cancel: () => false,
    conclude: () => true,
    close: () => undefined,
    drive: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
  const underWay = new UnderWay(idle.numbers);
  const connections = new Connections(idle, idle.numbers, underWay, 1000, null, true);
  connections.want(1000, 0);
  connections.openDue(0);
  for (let slot = 0; slot < 1000; slot++) {
    connections.opened(slot, 0, 1);
    connections.pushFree(slot);
  }
  const intended: number[] = [];
  const starter = {
    now: 0,
    intendedAt: new Float64Array(1000),
    start: (slot: number) => void intended.push(starter.intendedAt[slot]!),
  };
  const schedule = createSchedule({ from: 1000, to: 1000 }, 1e6, null);
  const lag = new Counts();
  const workload = new OpenWorkload(connections, starter, shard, schedule, null, {
    pacingLag: lag,
    neverSent: () => undefined,
  });
  workload.begin(5_000_000);
  for (const elapsed of [0, 900, 1_100, 151_234, 151_235, 400_000, 999_999]) {
    starter.now = 5_000_000 + elapsed;
    workload.pump();
  }
  expect(intended).toEqual(Array.from({ length: 1000 }, (_, k) => 5_000_000 + k * 1000));
  // The generator owns up to the worst of it: from 400,001 to 999,999 nobody looked.
  expect(lag.max).toBe(598_999);
});

it.each(engines.filter((engine) => engine !== 'undici'))(
  'a worker with the engine %s that was blocked for 150 ms says so in send delay and pacing lag, and skips nothing',
  async (engine) => {
    const served = await serve();
    const { hostname, port } = new URL(served.url);
    const origin = { protocol: 'http:' as const, hostname, address: hostname, port: Number(port) };
    const plan: LoadPlan = {
      ...planned({ origin, expect: { status: 200, bodyContains: null } }),
      phases: [
        {
          name: 'latency',
          durationMicros: 2e6,
          requests: null,
          connections: { from: 200, to: 200 },
          arrival: { kind: 'open', ratePerSecond: { from: 500, to: 500 } },
          record: true,
        },
      ],
      timeoutMicros: 5e6,
      connectRatePerSecond: null,
      localAddresses: null,
      connectTimeoutMicros: 5e6,
    };
    const create = await createEngine({ ...plan, engine });
    const intervals: Interval[] = [];
    const outcome = await new Promise<ShardOutcome>((resolve, reject) => {
      // On this thread, so that the test can block it as nothing blocks a real worker.
      const runner = new ShardRunner({ plan, shard, spin: true }, create, {
        prepared: () => {
          runner.begin(nowMicros() + 1_000);
          setTimeout(() => block(150), 1_000);
        },
        progress: () => undefined,
        interval: (_, interval) => intervals.push(interval),
        finished: (done) => {
          runner.exit();
          resolve(done);
        },
      });
      runner.run().catch(reject);
      runner.prepare(0);
    });
    served.stop();
    const figures = (name: 'sendDelay' | 'pacingLag' | 'latency') => {
      const histogram = new Histogram();
      for (const interval of intervals) if (interval[name]) histogram.add(interval[name]);
      return histogram.distribution()!;
    };
    expect(outcome.tally.sent).toBe(1_000);
    expect(outcome.notSent).toEqual({ shed: 0, unsent: 0 });
    // 75 requests were due while it was blocked, one every 2 ms: the first waited for all of it.
    for (const name of ['sendDelay', 'pacingLag', 'latency'] as const) {
      expect(figures(name).max).toBeGreaterThan(140_000);
      expect(figures(name).p95).toBeGreaterThan(40_000);
    }
    expect(figures('sendDelay').p50).toBeLessThan(figures('sendDelay').p95);
  },
);
