import { expect, it } from 'vitest';

import { checkContract } from '../../src/targets/contract.js';
import { nodeTarget, serverProgram } from './fixtures.js';

/** What is found of each program, all of which run at once. */
async function breaches(
  programs: readonly string[],
  manifest: Readonly<Record<string, unknown>>,
): Promise<string[][]> {
  return Promise.all(
    programs.map(async (program) => {
      const checks = await checkContract(await nodeTarget(program, manifest), { idleSeconds: 0.1 });
      return checks.filter(({ ok }) => !ok).map(({ check, detail }) => `${check}: ${detail}`);
    }),
  );
}

/** Answers /events/:n/:ms with what `send` does with `events`, each a text, over `ms` milliseconds. */
const eventServer = (send: string): string => `
  import { createServer } from 'node:http';
  createServer((request, response) => {
    const [, name, n, ms = 0] = request.url.split('/');
    if (name !== 'events') return response.end('ok');
    if (!(n >= 1 && n <= 10000 && ms >= 0 && ms <= 60000)) {
      return response.writeHead(400, { 'Content-Length': 0 }).end();
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    const events = Array.from({ length: n }, (_, k) => \`id: \${k + 1}\\ndata: Hello, World!\\n\\n\`);
    ${send}
  }).listen(Number(process.env.PORT), process.env.HOST);`;

const ws = new URL('../../node_modules/ws/wrapper.mjs', import.meta.url).href;

/** Answers a message of /ws or /room with what `answer` does. */
const socketServer = (answer: string): string => `
  import { createServer } from 'node:http';
  import { WebSocketServer } from '${ws}';
  const server = createServer((request, response) => {
    const status = /^.(ws|room)/.test(request.url) ? 426 : 200;
    response.writeHead(status, { 'Content-Length': 0 }).end();
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url }) => {
    socket.on('error', () => {});
    socket.on('message', (data, binary) => {
      const others = [...sockets.clients].filter((each) => each !== socket);
      ${answer}
    });
  });
  server.listen(Number(process.env.PORT), process.env.HOST);`;

const http2Server = (answer: string): string => `
  import { createServer } from 'node:http2';
  createServer((request, response) => { ${answer} })
    .listen(Number(process.env.PORT), process.env.HOST);`;

it('sees streams of events that are held back, end early, or are not paced', async () => {
  const right = `
    const startedAt = performance.now();
    const next = () => {
      const dueMs = startedAt + (n - events.length) * ms - performance.now();
      if (dueMs > 0) return setTimeout(next, Math.ceil(dueMs));
      response.write(events.shift());
      if (events.length === 0) response.end();
      else setImmediate(next);
    };
    next();`;
  const held = `
    setTimeout(() => {
      for (const event of events) response.write(event);
      response.end();
    }, (n - 1) * ms);`;
  const short = `
    for (const event of events.slice(0, 1999)) response.write(event);
    response.end();`;
  const programs = [right, held, short].map(eventServer);
  const found = await breaches(programs, { serves: ['events'] });
  expect(found).toEqual([
    [],
    [expect.stringMatching(/due, never earlier.*: the first event .* last: they are held back$/)],
    [
      expect.stringMatching(/: GET \/events\/2000 has nothing for its event 2000$/),
      expect.stringMatching(/due, never earlier.*: the last event of \/events\/4\/500 came after/),
    ],
  ]);
}, 30_000);

it('sees WebSockets that change messages, answer whom they are from, or wait for one', async () => {
  const right = `
    if (url === '/ws') socket.send(data, { binary });
    else for (const other of others) {
      if (other.bufferedAmount > 1e6) other.terminate();
      else other.send(data, { binary });
    }`;
  const changed = `
    if (url === '/ws') socket.send(data);
    else for (const each of sockets.clients) each.send(data, { binary });`;
  const waiting = `
    if (url === '/ws') return socket.send(data, { binary });
    const full = others.some((other) => other.bufferedAmount > 1e6);
    if (!full) for (const other of others) other.send(data, { binary });`;
  const programs = [...[right, changed, waiting].map(socketServer), serverProgram];
  const found = await breaches(programs, { serves: ['websocket', 'room'] });
  expect(found[0]).toEqual([]);
  expect(found[1]).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/a text as a text.*: a text of 0 bytes came back as a binary$/),
      expect.stringMatching(/and not back: what the first to speak then heard came back with/),
    ]),
  );
  expect(found[2]).toEqual([
    expect.stringMatching(/holds up no other: no complete frame within 5000 ms$/),
  ]);
  expect(found[3]).toContain(
    'GET /ws echoes each message, a text as a text, and in order: the handshake of /ws was answered with 200, not 101',
  );
}, 30_000);

it('sees answers over HTTP/2 that are others than over HTTP/1.1, or none', async () => {
  const right = `
    if (request.url !== '/echo') {
      return response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    }
    response.writeHead(200, { 'content-type': request.headers['content-type'] });
    request.pipe(response);`;
  const wrong = right
    .replace('text/plain', 'text/html')
    .replace('request.pipe(response)', `response.end('something else')`);
  const ready = { http2: true, path: '/health' };
  const serves = ['http2', 'health', 'echo'];
  const found = await breaches([right, wrong].map(http2Server), { ready, serves });
  expect(found).toEqual([
    [],
    [
      expect.stringMatching(/: GET \/health over HTTP\/2 has the Content-Type text\/html, not/),
      expect.stringMatching(/: POST \/echo with 1048576 bytes .* came back with other bytes/),
    ],
  ]);
  const [alone] = await breaches([serverProgram], { serves: ['http2'] });
  expect(alone![0]).toMatch(/what HTTP\/1\.1 does: no HTTP\/2 was spoken/);
}, 30_000);
