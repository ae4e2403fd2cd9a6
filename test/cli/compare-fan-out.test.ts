import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../dist/index.js';
import { c1m, root } from '../fixtures/c1m.js';

/** A target whose room forgets every so manieth message. */
function room(name: string, forgets: number): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'c1m-')), name);
  mkdirSync(folder);
  const ws = pathToFileURL(join(root, 'node_modules/ws/wrapper.mjs')).href;
  writeFileSync(
    join(folder, 'server.mjs'),
    `import http from 'node:http';
     import { WebSocketServer } from '${ws}';
     const server = http.createServer((_, response) => response.end('ok'));
     const room = new WebSocketServer({ server, path: '/room' });
     let number = 0;
     room.on('connection', (socket) => socket.on('message', (message, binary) => {
       if (++number % ${forgets} === 0) return;
       for (const each of room.clients) if (each !== socket) each.send(message, { binary });
     }));
     server.listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  writeFileSync(
    join(folder, 'target.yaml'),
    `name: ${name}\ndescription: a room\nruntime: {name: node}\nstart: ['{node}', '{src}/server.mjs']\n`,
  );
  return folder;
}

const [whole, lossy] = [room('whole', 1_000_000), room('lossy', 2)];

function scenario(more = ''): string {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'room.yaml');
  writeFileSync(
    file,
    `name: room\nfanOut: true\ntimeout: 1s\nrequests: [{path: /room, body: 'hello {seq}'}]\nphases: [{name: chat, duration: 400ms, rate: 100/s, connections: 5}]\n${more}`,
  );
  return file;
}

const compare = (...flags: string[]) =>
  c1m(['compare', 'whole', 'lossy', '--targets', whole, lossy, '--trials', '1', ...flags]);

describe('c1m compare of fan-outs', () => {
  it('has reach, deliveries/s and the latency of deliveries of each target', async () => {
    const { code, stdout, stderr } = await compare('--scenario', scenario(), '--json');
    expect(code, stderr).toBe(0);
    const { targets } = resultSchema.parse(JSON.parse(stdout));
    const of = (name: string) => targets.find((target) => target.name === name)!.trials[0]!.load;
    // On a busy machine the last ones may find no time to be sent in.
    const [all, half] = [of('whole').requestsSent, of('lossy').requestsSent];
    expect(all).toBeGreaterThan(20);
    expect(of('whole')).toMatchObject({
      unit: 'message',
      fanOut: { receivers: 4, expected: 4 * all, delivered: 4 * all },
    });
    expect(of('lossy').fanOut).toMatchObject({
      expected: 4 * half,
      delivered: 4 * Math.ceil(half / 2),
    });
    const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
    writeFileSync(join(folder, 'result.json'), stdout);
    const report = await c1m(['report', folder]);
    expect(report.stdout).toMatch(/reach\s*│ deliveries\/s/);
    expect(report.stdout).toMatch(/│ lossy.*│\s*(! )?5\d(\.\d+)? %/);
    expect(report.stdout).toContain('Latencies are of deliveries');
    const html = join(folder, 'page.html');
    await c1m(['report', folder, '--html', html]);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('· WebSocket, fan-out ·');
  }, 30_000);

  it('refuses what no target can have, before it starts any', async () => {
    const watched = await compare('--scenario', scenario(), '--sched', 'proc');
    expect([watched.code, watched.stderr]).toEqual([
      2,
      expect.stringContaining('--sched off') as string,
    ]);
    const over2 = await compare('--scenario', scenario('http2: true\n'));
    expect([over2.code, over2.stderr]).toEqual([
      2,
      expect.stringContaining('over HTTP/1.1') as string,
    ]);
  });
});
