import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { launch } from '../../src/targets/launch.js';
import { eventually, nodeTarget, serverProgram, temporaryFolder } from './fixtures.js';

async function occupyPort(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end('somebody else'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

describe('launch', () => {
  it('starts a target, says how long that took, and stops it', async () => {
    const running = await launch(await nodeTarget(serverProgram));
    const response = await fetch(running.urls[0]!);
    expect(await response.text()).toBe('ok');
    expect(running.startupMs).toBeGreaterThan(5);
    expect(running.startupMs).toBeLessThan(5_000);
    expect(running.cpus).toBeNull();
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    await expect(fetch(running.urls[0]!)).rejects.toThrow();
    expect(await running.exited).toMatchObject({ pid: running.pids[0]!, signal: 'SIGTERM' });
  });

  it('measures a start-up time that agrees with the target’s own account', async () => {
    const program = `
      import { createServer } from 'node:http';
      await new Promise((resolve) => setTimeout(resolve, 400));
      let listeningAfterMs;
      createServer((request, response) => response.end(String(listeningAfterMs)))
        .listen(Number(process.env.PORT), process.env.HOST, () => { listeningAfterMs = performance.now(); });
    `;
    const running = await launch(await nodeTarget(program));
    const ownAccountMs = Number(await (await fetch(running.urls[0]!)).text());
    await running.stop();
    expect(ownAccountMs).toBeGreaterThan(400);
    // On a busy machine c1m hears late of the exec.
    expect(running.startupMs).toBeGreaterThan(ownAccountMs - 50);
    // What Node does before its clock starts, the answer, and a busy machine.
    expect(running.startupMs).toBeLessThan(ownAccountMs + 250);
  });

  it('asks over HTTP/2 one that speaks nothing else, until it answers 200', async () => {
    const program = `
      import { createServer } from 'node:http2';
      const statuses = [503, 404];
      createServer((request, response) => {
        const status = request.url === '/up' ? (statuses.shift() ?? 200) : 500;
        response.writeHead(status).end(statuses.length === 0 ? 'none left' : '');
      }).listen(Number(process.env.PORT), process.env.HOST);
    `;
    const ready = { http2: true, path: '/up' };
    const running = await launch(await nodeTarget(program, { ready }));
    expect(running.startupMs).toBeGreaterThan(5);
    await running.stop();
    const never = { ...ready, path: '/down', timeoutSeconds: 1.5 };
    await expect(launch(await nodeTarget(program, { ready: never }))).rejects.toThrow(
      /was not ready within 1\.5 s: GET \/down over HTTP\/2 on port \d+ answered “:status 500”/,
    );
  });

  it('gives the target the manifest’s environment, the caller’s and its port', async () => {
    const program = `
      import { createServer } from 'node:http';
      const { A, B, WHERE, HOST, PORT } = process.env;
      createServer((request, response) => response.end([A, B, WHERE, HOST, process.argv[2] === PORT].join()))
        .listen(Number(PORT), HOST);
    `;
    const built = await nodeTarget(program, {
      start: ['{node}', '{src}/server.mjs', '{port}'],
      env: { A: 'manifest', B: 'manifest', WHERE: '{src}' },
    });
    const running = await launch(built, { env: { B: 'caller' } });
    const text = await (await fetch(running.urls[0]!)).text();
    expect(text).toBe(`manifest,caller,${built.target.folder},127.0.0.1,true`);
    await running.stop();
  });

  it('starts replicas on ports of their own, and stops them all', async () => {
    const running = await launch(await nodeTarget(serverProgram), { replicas: 3 });
    expect(new Set(running.urls).size).toBe(3);
    expect(new Set(running.pids).size).toBe(3);
    for (const url of running.urls) expect((await fetch(url)).status).toBe(200);
    await running.stop();
    for (const url of running.urls) await expect(fetch(url)).rejects.toThrow();
  });

  it('kills a target that ignores SIGTERM after 2 s', async () => {
    const built = await nodeTarget(`process.on('SIGTERM', () => {}); ${serverProgram}`);
    const running = await launch(built);
    const before = performance.now();
    await running.stop();
    const tookMs = performance.now() - before;
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(3_000);
    expect(await running.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  it('shows the output of a target that ends at once', async () => {
    const built = await nodeTarget(`console.error('no such module'); process.exit(3)`);
    const message = /fixture ended with exit code 3 before it was ready.*\n {2}no such module/;
    await expect(launch(built)).rejects.toThrow(message);
    await expect(launch(built)).rejects.toMatchObject({ kind: 'exited-early' });
  });

  it('names a command that is not there', async () => {
    const built = await nodeTarget('', { start: ['/no/such/program'] });
    await expect(launch(built)).rejects.toThrow(/no\/such\/program/);
  });

  it('names the time-out and the last answer of a target that never gets ready', async () => {
    const program = serverProgram.replace(`response.end('ok')`, `response.writeHead(503).end()`);
    const built = await nodeTarget(program, { ready: { path: '/up', timeoutSeconds: 3 } });
    const before = performance.now();
    await expect(launch(built)).rejects.toThrow(
      /not ready within 3 s: GET \/up on port \d+ answered “HTTP\/1\.1 503 Service Unavailable”/,
    );
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  it('gives up on a target that takes connections and never answers', async () => {
    const program = `
      import { createServer } from 'node:net';
      createServer(() => {}).listen(Number(process.env.PORT), process.env.HOST);
    `;
    const built = await nodeTarget(program, { ready: { timeoutSeconds: 0.5 } });
    await expect(launch(built)).rejects.toThrow(/answered nothing/);
  });

  it('tries another port when one is taken meanwhile', async () => {
    const { port } = await occupyPort();
    const note = path.join(await temporaryFolder(), 'tried');
    // The first start finds its port taken, as it would be if another program had been quicker.
    const program = `
      import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync(process.env.NOTE)) { writeFileSync(process.env.NOTE, ''); process.env.PORT = '${port}'; }
      ${serverProgram}
    `;
    const running = await launch(await nodeTarget(program), { env: { NOTE: note } });
    expect((await fetch(running.urls[0]!)).status).toBe(200);
    await running.stop();
  });

  it('says that a port which was asked for is taken', async () => {
    const { port } = await occupyPort();
    const built = await nodeTarget(serverProgram);
    await expect(launch(built, { port })).rejects.toMatchObject({ kind: 'port-taken' });
  });

  it.skipIf(process.platform !== 'linux')(
    'does not take another program’s answer for the target’s',
    async () => {
      const program = 'setInterval(() => {}, 1000);';
      const { server, port } = await occupyPort();
      server.close();
      const launching = launch(await nodeTarget(program), { port });
      launching.catch(() => undefined);
      // The target keeps quiet, and this process answers on its port as soon as that was found free.
      const other = createServer((_request, response) => response.end('ok'));
      await sleep(150);
      other.listen(port, '127.0.0.1');
      await expect(launching).rejects.toMatchObject({ kind: 'port-taken' });
      other.close();
    },
  );

  it('stops starting when it is aborted', async () => {
    const built = await nodeTarget('setInterval(() => {}, 1000)');
    const launching = launch(built, { signal: AbortSignal.timeout(200) });
    await expect(launching).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('tells when a target ends during the run', async () => {
    const program = `
      import { createServer } from 'node:http';
      createServer((request, response) => {
        response.end('ok');
        if (request.url === '/die') setTimeout(() => process.exit(9), 20);
      }).listen(Number(process.env.PORT), process.env.HOST);
    `;
    const running = await launch(await nodeTarget(program));
    await fetch(`${running.urls[0]!}/die`);
    expect(await running.exited).toMatchObject({ code: 9, signal: null });
    await running.stop();
  });

  it('keeps only the end of a long output', async () => {
    const program = `
      ${serverProgram}
      for (let line = 0; line < 50_000; line++) console.log('line ' + line);
    `;
    const running = await launch(await nodeTarget(program));
    const complete = () => Promise.resolve(running.output().endsWith('line 49999'));
    expect(await eventually(complete, 5_000)).toBe(true);
    await running.stop();
    expect(running.output().length).toBeLessThanOrEqual(64 * 1024);
  });
});
