import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { socketInstrument } from '../../src/scheduling/obstacles.js';
import { Tracer } from '../../src/scheduling/tracer.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { readLate, type LateReader } from '../fixtures/late-reader.js';

let server: LateReader | undefined;
afterEach(() => server?.stop());

async function watched(subject: string, flags: Parameters<typeof run>[1]) {
  const { result } = await run(subject, { ...flags, sched: 'ebpf' });
  const phase = result.targets[0]!.trials[0]!.phases[0]!;
  expect(phase.server!.scheduling?.source, JSON.stringify(result.warnings)).toBe('ebpf');
  return { phase, delay: phase.server!.schedulingDelayUs!, counts: phase.server!.scheduling! };
}

async function traceOf(port: number, act: () => Promise<void>) {
  const quiet = new AbortController().signal;
  const tracer = await Tracer.start([port], 10, socketInstrument(), quiet);
  try {
    tracer.begin();
    await act();
    return await tracer.end();
  } finally {
    await tracer.close();
  }
}

describe.runIf(hasEbpf)(`what eBPF counts${withoutEbpf}`, () => {
  it('is one delay for each request that the server read', async () => {
    server = await readLate({});
    const flags = { pid: String(server.pid), connections: '30', requests: '3000' };
    const { phase, delay, counts } = await watched(server.url, flags);
    const read = await server.measured();
    expect(read).toHaveLength(3000);
    expect(counts.requests).toMatchObject({ taken: 3000, unseen: 0 });
    for (const part of [delay.total, delay.kernel, delay.runtime]) expect(part.count).toBe(3000);
    expect(delay.perConnection.count).toBe(30);
    expect(phase.load.responses).toBe(3000);
  });

  it('is one delay for a request that is taken in several reads', async () => {
    server = await readLate({ bytesPerRead: 7 });
    const flags = { pid: String(server.pid), connections: '4', requests: '200' };
    const { counts } = await watched(server.url, flags);
    const read = await server.measured();
    expect(Math.min(...read.map(({ reads }) => reads))).toBeGreaterThan(3);
    expect(counts.requests!.taken).toBe(200);
  });

  it('is one delay for a request that arrives in several pieces', async () => {
    server = await readLate({ bytesPerRead: 7 });
    const port = Number(new URL(server.url).port);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const { counted, delayUs } = await traceOf(port, async () => {
      for (let i = 0; i < 5; i++) {
        const answer = once(socket, 'data');
        for (const piece of ['GET / HTT', 'P/1.1\r\nHost: x\r\n', '\r\n']) {
          socket.write(piece);
          await sleep(20);
        }
        await answer;
      }
    });
    socket.destroy();
    expect((await server.measured()).map(({ reads }) => reads > 2)).toEqual(Array(5).fill(true));
    expect(counted.requests!.taken).toBe(5);
    // It is taken with its first piece: that the rest came later is no delay.
    expect(delayUs!.total.p50).toBeLessThan(19_000);
  });

  it('are delays since the arrival where the bytes were there before the server looked', async () => {
    server = await readLate({ delaySeconds: 0.05 });
    const port = Number(new URL(server.url).port);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const { delayUs } = await traceOf(port, async () => {
      // The second arrives while the server lets the first wait, and is there when it looks again.
      socket.write('GET / HTTP/1.1\r\n\r\n');
      await once(socket, 'data');
    });
    socket.destroy();
    expect(delayUs!.total.min).toBeGreaterThan(49_000);
  });

  it('holds for connections that end, each with the mean of its own delays', async () => {
    server = await readLate({});
    const flags = { pid: String(server.pid), connections: '5', requests: '100', keepalive: false };
    const { counts, delay } = await watched(server.url, flags);
    expect(counts.requests!.taken).toBe(100);
    expect(delay.perConnection.count).toBe(100);
    expect(delay.perConnection.mean).toBeCloseTo(delay.total.mean, 0);
  });

  it('are the system calls that perf counts, and the switches that /proc counts', async () => {
    server = await readLate({});
    const counting = ['stat', '-x', ',', '-e', 'raw_syscalls:sys_enter', '-p', String(server.pid)];
    const perf = spawn('perf', counting, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = text(perf.stderr);
    await sleep(500);
    const flags = { pid: String(server.pid), connections: '10', requests: '4000' };
    const { counts, phase } = await watched(server.url, flags);
    perf.kill('SIGINT');
    const perfCount = Number((await said).split('\n')[0]!.split(',')[0]);
    // perf counts opening and closing the connections as well.
    expect(counts.systemCalls!).toBeLessThanOrEqual(perfCount);
    expect(counts.systemCalls! / perfCount).toBeGreaterThan(0.95);
    const { voluntary, involuntary } = phase.server!.contextSwitches!;
    const all = voluntary + involuntary;
    const switches = counts.contextSwitches!;
    expect((switches.voluntary + switches.involuntary) / all).toBeGreaterThan(0.98);
    expect((switches.voluntary + switches.involuntary) / all).toBeLessThan(1.02);
  });

  it('are found in processes that the server starts after the watch began', async () => {
    // A process for each connection.
    const forking = [
      'import http.server as h, socketserver as s',
      'class H(h.BaseHTTPRequestHandler):',
      '  protocol_version = "HTTP/1.1"',
      '  def do_GET(self):',
      '    self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()',
      '  def log_message(self, *_): pass',
      'class S(s.ForkingMixIn, h.HTTPServer): pass',
      'server = S(("127.0.0.1", 0), H)',
      'print(server.server_port, flush=True)',
      'server.serve_forever()',
    ].join('\n');
    const parent = spawn('python3', ['-c', forking], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const url = `http://127.0.0.1:${line.toString().trim()}/`;
      const flags = { pid: String(parent.pid), connections: '5', requests: '500' };
      const { counts, phase } = await watched(url, flags);
      expect(counts.requests!.taken).toBe(500);
      expect(phase.server!.processes).toBe(6);
      // Each reads and writes at the least.
      expect(counts.systemCalls!).toBeGreaterThanOrEqual(1000);
    } finally {
      parent.kill('SIGTERM');
    }
  });
});

describe.runIf(hasEbpf)(`waits for a CPU${withoutEbpf}`, () => {
  it('are those that perf sched records of the same threads', async () => {
    server = await readLate({});
    const { pid } = server;
    const file = `/tmp/c1m-test-${process.pid}.perf`;
    const perf = spawn('perf', ['sched', 'record', '-o', file], { stdio: 'ignore' });
    try {
      await sleep(1500);
      const flags = { pid: String(pid), connections: '4', rate: '400', duration: '6s' };
      const { counts } = await watched(server.url, flags);
      perf.kill('SIGINT');
      await once(perf, 'exit');
      const table = execFileSync('perf', ['sched', '-i', file, 'timehist', '--state', '--force'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1e9,
      });
      // The last columns: away or asleep, woken but not running, running (in milliseconds), state.
      let waitedMs = 0;
      const put = new Map<string, boolean>();
      for (const row of table.split('\n')) {
        const [, tid, away, woken, state] =
          new RegExp(`\\[(\\d+)(?:/${pid})\\] +(\\S+) +(\\S+) +\\S+ +(\\S+)`).exec(row) ?? [];
        if (tid === undefined) continue;
        waitedMs += Number(woken) + (put.get(tid) === true ? Number(away) : 0);
        put.set(tid, state !== 'S' && state !== 'D');
      }
      // Both look on at each event, and each is in the other's waits of some microseconds: here, ours
      // are 0.76 to 0.89 of perf's.
      expect(counts.runQueueDelayMs! / waitedMs).toBeGreaterThan(0.7);
      expect(counts.runQueueDelayMs! / waitedMs).toBeLessThan(1.25);
    } finally {
      perf.kill('SIGKILL');
      execFileSync('rm', ['-f', file]);
    }
  });
});
