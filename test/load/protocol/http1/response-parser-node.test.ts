import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { response, type GeneratedResponse } from './generated-response.js';
import { read } from './reading.js';

/** Answers request `/n` with the n-th response, octet for octet, and closes. */
const responses: GeneratedResponse[] = fc.sample(response(), { numRuns: 400, seed: 9112 });
const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (request) => {
    const index = Number(/^GET \/(\d+) /.exec(request.toString('latin1'))?.[1]);
    socket.end(responses[index]!.bytes);
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

async function askNode(index: number): Promise<{ status: number; bodyBytes: number }> {
  const { port } = server.address() as AddressInfo;
  const request = http.get({ port, host: '127.0.0.1', path: `/${index}`, agent: false });
  const [message] = (await once(request, 'response')) as [http.IncomingMessage];
  let bodyBytes = 0;
  for await (const chunk of message) bodyBytes += (chunk as Buffer).length;
  return { status: message.statusCode!, bodyBytes };
}

describe('the response parser and that of node:http', () => {
  it('agree on 400 responses that neither has made', async () => {
    for (const [index, { bytes }] of responses.entries()) {
      const { outcome, status, bodyBytes } = read(bytes, { eof: true });
      expect(outcome).toBe('complete');
      expect({ status, bodyBytes }).toEqual(await askNode(index));
    }
  });
});
