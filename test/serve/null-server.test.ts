import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NullServer } from '../../src/serve/null-server.js';
import { WebSocketAnswers } from '../../src/serve/websocket-answers.js';
import { Libc } from '../../src/uring/libc.js';
import { hasUring } from '../fixtures/uring.js';

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe.runIf(hasUring)('the null server', () => {
  it.each(['127.0.0.1', '::1'])('answers at %s what comes in pieces, once', async (address) => {
    const server = new NullServer(await Libc.load(), address, [0]);
    const running = server.run();
    const client = net.connect({ host: address, port: server.port, noDelay: true });
    let answer = '';
    client.on('data', (data: Buffer) => (answer += data.toString()));
    for (const piece of [request.slice(0, 20), request.slice(20)]) {
      client.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    client.end(request);
    await once(client, 'close');
    server.stop();
    await running;
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(answer.endsWith('\r\n\r\nHello, World!')).toBe(true);
    expect(server).toMatchObject({ requests: 2, connections: 0 });
  });

  it('closes its connections and its ports when it ends', async () => {
    const server = new NullServer(await Libc.load(), '127.0.0.1', [0]);
    const { port } = server;
    const running = server.run();
    const client = net.connect(port, '127.0.0.1').on('error', () => undefined);
    client.write(request);
    await once(client, 'data');
    const closed = once(client, 'close');
    server.stop();
    await running;
    await closed;
    const late = net.connect(port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('opens WebSockets, answers their messages, and says goodbye', async () => {
    const libc = await Libc.load();
    const server = new NullServer(libc, '127.0.0.1', [0], new WebSocketAnswers(libc));
    const running = server.run();
    const clients = Array.from({ length: 3 }, () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
      socket.on('open', () => socket.send('hello'));
      return new Promise<{ answers: string[]; code: number }>((resolve, reject) => {
        const answers: string[] = [];
        socket.on('error', reject);
        socket.on('message', (answer: Buffer) => {
          if (answers.push(answer.toString()) < 3) socket.send(Buffer.from([answers.length]));
          else socket.close();
        });
        socket.on('close', (code) => resolve({ answers, code }));
      });
    });
    const heard = await Promise.all(clients);
    server.stop();
    await running;
    const greeting = 'Hello, World!';
    // 1005: closed in order, without a code (RFC 6455 §7.1.5).
    const each = { answers: [greeting, greeting, greeting], code: 1005 };
    expect(heard).toEqual([each, each, each]);
  });
});
