// Prints, as JSON, what the worker's whole path allocates in each of some rounds of requests: bytes of
// heap, requests, turns of the loop. A process of its own, with room for all that might be allocated:
//   node --expose-gc --min-semi-space-size=128 --max-semi-space-size=128 allocation-probe.js PORT KINDS [STREAMS] [tls|messages]
// KINDS is how many requests are chosen from; with STREAMS above 0, so many at once by HTTP/2. Over TLS
// fewer are sent, since a server of Node's takes its time for them. `messages` go on calls of gRPC that
// are held open.
import { http1 } from '../../../../dist/load/protocol/http1/protocol.js';
import { http2 } from '../../../../dist/load/protocol/http2/protocol.js';
import { UringEngine } from '../../../../dist/load/transport/uring/engine.js';
import { ShardRunner } from '../../../../dist/load/shard-runner.js';
import { nowMicros } from '../../../../dist/basis/clock.js';
import { tlsDefaults } from '../../../../dist/tls/settings.js';
import { OpenSsl } from '../../../../dist/tls/openssl.js';
import { Libc } from '../../../../dist/uring/libc.js';

const secure = process.argv[5] === 'tls';
const isOfMessages = process.argv[5] === 'messages';
const WARM_UP = secure ? 150_000 : 200_000;
const REQUESTS = secure ? 20_000 : 100_000;
const ROUNDS = 4;
const streams = Number(process.argv[4] ?? 0);
const protocol = streams > 0 ? http2 : http1;

const libc = await Libc.load();
const openssl = secure ? await OpenSsl.load() : null;
let turns = 0;

class CountingEngine extends UringEngine {
  drive(tick) {
    return super.drive((now) => {
      turns += 1;
      return tick(now);
    });
  }
}

function planOf(connections) {
  const phase = (requests) => ({
    name: '',
    durationMicros: null,
    requests,
    connections: { from: connections, to: connections },
    arrival: { kind: 'closed' },
    record: true,
  });
  const expect = { status: isOfMessages ? null : 200, bodyContains: 'World' };
  const text = { kind: 'text', tag: Buffer.from([0x0a]), text: 'hello {seq:8}' };
  const call = {
    ...{ method: 'a.B/C', kind: 'bidirectional', written: null, messages: [[text]] },
    ...{ pingPong: true, files: null },
  };
  const address = '127.0.0.1';
  return {
    origins: [
      {
        protocol: secure ? 'https:' : 'http:',
        hostname: address,
        address,
        port: Number(process.argv[2]),
      },
    ],
    requests: Array.from({ length: Number(process.argv[3]) }, (_, kind) => ({
      name: `request ${kind}`,
      ...{ method: 'GET', path: '/{seq:8}', headers: [], body: null, weight: kind + 1, expect },
      stream: null,
      ...(isOfMessages ? { method: 'POST', path: '/a.B/C', grpc: call } : {}),
    })),
    data: null,
    tls: { ...tlsDefaults, verify: false },
    proxyProtocol: null,
    fanOut: null,
    http2: streams > 0,
    streams: Math.max(1, streams),
    phases: [WARM_UP, ...Array(ROUNDS).fill(REQUESTS)].map(phase),
    keepAlive: true,
    connectRatePerSecond: null,
    localAddresses: null,
    timeoutMicros: 10e6,
    connectTimeoutMicros: 10e6,
    deadlineMicros: null,
    seed: 1,
    userAgent: 'c1m',
  };
}

async function measure(connections) {
  const plan = planOf(connections);
  const rounds = [];
  let before;
  const setup = { plan, shard: { index: 0, count: 1 }, spin: false };
  const runner = new ShardRunner(
    setup,
    (full) => new CountingEngine(full, libc, protocol, openssl),
    {
      prepared: () => {
        globalThis.gc();
        before = { heap: process.memoryUsage().heapUsed, turns };
        runner.begin(nowMicros());
      },
      progress: () => undefined,
      interval: () => undefined,
      finished: ({ phase, tally }) => {
        const bytes = process.memoryUsage().heapUsed - before.heap;
        if (phase > 0) rounds.push({ bytes, requests: tally.sent, turns: turns - before.turns });
        if (phase === ROUNDS) runner.exit();
        else setTimeout(() => runner.prepare(phase + 1));
      },
    },
  );
  runner.prepare(0);
  await runner.run();
  return rounds;
}

console.log(JSON.stringify(await measure(streams > 0 ? 64 : 256)));
