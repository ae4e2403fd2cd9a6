import * as grpc from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nowMicros } from '../../src/basis/clock.js';
import type { RunOptions } from '../../src/library/run-options.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';
import { greeterFile, startGreeter } from '../grpc/greeter-server.js';

const requests = 24;
const delayMillis = 50;
/** The machine may be busy: one trial out of so many has to be right. */
const trials = 5;
/** As docs/measuring.md has it: the wake-up of the server's kernel and of c1m's thread, and a share. */
const wakeUpMicros = 500;
const toleranceShare = 0.02;
/** Of grpc-js, between its handlers and its socket, of which its own clock says nothing. */
const libraryMicros = 2_000;

const workloads: [string, RunOptions][] = [
  ['a closed', {}],
  ['an open', { rate: '60' }],
];
const asked: [string, RunOptions][] = [
  ['calls', { grpc: 'test.greeter.Greeter/SayHello' }],
  ['messages on calls that are held open', { grpc: 'test.greeter.Greeter/Chat', pingPong: true }],
];
const combinations = engines
  .filter((engine) => engine !== 'undici')
  .flatMap((engine) => asked.map(([what, flags]) => [what, engine, flags] as const));

describe.each(combinations)('%s of known delays, by %s,', (_, engine, flags) => {
  it.each(workloads)('take as long as the server says in %s workload', async (_workload, how) => {
    let beyond: string[] = [];
    for (let trial = 0; trial < trials; trial++) {
      beyond = await differences({ ...flags, ...how, engine });
      if (beyond.length === 0) break;
    }
    expect(beyond).toEqual([]);
  });
});

async function differences(flags: RunOptions): Promise<string[]> {
  const own: number[] = [];
  const greeter = await startGreeter(grpc.ServerCredentials.createInsecure(), {}, (answer) => {
    const heardAt = nowMicros();
    setTimeout(() => {
      own.push(nowMicros() - heardAt);
      answer();
    }, delayMillis);
  });
  onTestFinished(() => greeter.close());
  const phase = await phaseOf(`http://127.0.0.1:${greeter.port}/`, {
    ...flags,
    ...{ proto: [greeterFile], connections: '2', streams: '2', requests, threads: 1 },
  });
  expect(phase.load.errors).toEqual({});
  own.sort((a, b) => a - b);
  expect(own).toHaveLength(requests);
  const { latencyUs, serviceTimeUs, generator } = phase;
  const lagMicros = generator.pacingLagUs?.p95 ?? 0;
  return [latencyUs!, serviceTimeUs!].flatMap((measured) => {
    expect(measured.count).toBe(requests);
    // c1m's wait begins before the server's and ends after it, so it holds it.
    expect(measured.min).toBeGreaterThanOrEqual(own[0]! * 0.999 - 1);
    expect(measured.p50).toBeGreaterThanOrEqual(own[requests / 2 - 1]! * 0.999 - 1);
    // What disturbs a request can only add to it, so the least disturbed shows c1m's own error.
    const most = own[0]! * (1 + toleranceShare) + wakeUpMicros + libraryMicros + lagMicros;
    if (measured.min <= most) return [];
    return [`least: ${measured.min} µs, the server's own ${own[0]!} µs`];
  });
}
