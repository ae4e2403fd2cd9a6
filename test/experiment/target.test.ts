import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compare, resultSchema, run } from '../../dist/index.js';
import { serve, type Served } from '../fixtures/serve.js';
import { targetFolder } from '../fixtures/target-folder.js';

let served: Served | undefined;
afterEach(() => served?.stop());

describe('a run of a target', () => {
  it('starts it, measures it and stops it', async () => {
    const { result } = await run('node-net-bare', { duration: '900ms' });
    resultSchema.parse(result);
    const [target] = result.targets;
    expect(target).toMatchObject({ name: 'node-net-bare', runtime: 'node' });
    const { server, load } = target!.trials[0]!;
    expect(load.responses).toBeGreaterThan(100);
    expect(server!.startupMs).toBeGreaterThan(5);
    expect(server!.cpuUserSeconds! + server!.cpuSystemSeconds!).toBeGreaterThan(0.05);
    await expect(fetch(target!.url)).rejects.toThrow();
  });

  it('says that the target died, with what it printed last', async () => {
    const folder = targetFolder(
      'mortal',
      `setTimeout(() => { console.error('out of luck'); process.exit(7); }, 4_000);`,
    );
    const { result } = await run('mortal', { targetFolders: [folder], duration: '10s' });
    const { valid, complete, warnings } = result.targets[0]!.trials[0]!;
    expect(valid).toBe(false);
    expect(complete).toBe(false);
    expect(warnings[0]).toMatchObject({ code: 'target-died' });
    expect(warnings[0]!.message).toMatch(/exit code 7[^]*out of luck/);
  });
});

describe('a run with --pid', () => {
  it('measures the process that it names', async () => {
    served = await serve();
    const pid = String(served.process.pid);
    const { result } = await run(served.url, { duration: '900ms', pid });
    const { server } = result.targets[0]!.trials[0]!;
    expect(server!.rssPeakBytes).toBeGreaterThan(20e6);
    expect(server!.cpuUsPerRequest).toBeGreaterThan(1);
    expect(server!.startupMs).toBeNull();
  });
});

describe('the memory of a target', () => {
  it('grows by what it allocates for each connection', async () => {
    const perConnection = 64 * 1024;
    const folder = targetFolder('greedy', '');
    writeFileSync(
      join(folder, 'server.mjs'),
      `import http from 'node:http';
       const kept = [];
       const server = http.createServer((_, response) => response.end('Hello, World!'));
       server.keepAliveTimeout = 0;
       // Filled with what is not zero, so that every page is really there.
       server.on('connection', () => kept.push(Buffer.alloc(${perConnection}, 7)));
       server.listen(Number(process.env.PORT), '127.0.0.1');`,
    );
    const scenario = join(folder, 'holds.yaml');
    writeFileSync(
      scenario,
      `name: holds
requests: [{path: /}]
phases:
${[100, 300, 600, 1000]
  .map((n) => `  - {name: hold ${n}, connections: ${n}, rate: 0, touch: true, duration: 200ms}`)
  .join('\n')}
`,
    );
    const result = await compare({
      targets: ['greedy', 'node-http'],
      targetFolders: [folder],
      scenario,
      trials: 1,
    });
    const [greedy, plain] = result.targets.map((t) => t.trials[0]!.server!.bytesPerConnection!);
    // What Node itself needs for a connection is the plain server's slope.
    const allocated = greedy!.slope - plain!.slope;
    expect(allocated).toBeGreaterThan(perConnection * 0.9);
    expect(allocated).toBeLessThan(perConnection * 1.1);
    expect(greedy!.r2).toBeGreaterThan(0.99);
  });
});
