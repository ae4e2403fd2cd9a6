import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

type End = 'open' | 'FIN' | 'RST';

let server: net.Server | undefined;
afterEach(() => server?.close());

/** Answers each request with these octets, and then leaves the connection open, or ends it. */
async function answers(octets: string, end: End): Promise<string> {
  server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      socket.write(octets, 'latin1');
      // What was written is read by then: a reset would take it along.
      if (end !== 'open') void sleep(20).then(() => endBy(socket, end));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function endBy(socket: net.Socket, end: End): void {
  if (end === 'FIN') socket.end();
  else socket.resetAndDestroy();
}

const head = 'HTTP/1.1 200 OK\r\n';
const closing = `${head}Connection: close\r\n`;
const sized = `${head}Content-Length: 2\r\n\r\nok`;

async function outcomeOf(engine: string, octets: string, end: End) {
  const url = await answers(octets, end);
  const { load } = await phaseOf(url, { engine, requests: '8', connections: '4', timeout: '5s' });
  return { ...load.statusCodes, ...load.errors };
}

describe.each(engines)('the engine %s names', (engine) => {
  it.each<[string, string, End, string]>([
    ['a connection that is closed before a response', '', 'FIN', 'closed-before-response'],
    ['a connection that is reset before a response', '', 'RST', 'reset'],
    ['a head that is cut by the end', `${head}Content-`, 'FIN', 'truncated'],
    ['a head that is cut by a reset', `${head}Content-`, 'RST', 'reset'],
    ['a sized body that is cut by the end', sized.slice(0, -1), 'FIN', 'truncated'],
    ['a sized body that is cut by a reset', sized.slice(0, -1), 'RST', 'reset'],
    [
      'a last sized body, cut by the end',
      `${closing}Content-Length: 2\r\n\r\no`,
      'FIN',
      'truncated',
    ],
    ['a last sized body, cut by a reset', `${closing}Content-Length: 2\r\n\r\no`, 'RST', 'reset'],
    [
      'chunks that are cut by the end',
      `${head}Transfer-Encoding: chunked\r\n\r\n2\r\no`,
      'FIN',
      'truncated',
    ],
    [
      'chunks that are cut by a reset',
      `${head}Transfer-Encoding: chunked\r\n\r\n2\r\no`,
      'RST',
      'reset',
    ],
    [
      'last chunks, cut by the end',
      `${closing}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n`,
      'FIN',
      'truncated',
    ],
    [
      'last chunks, cut by a reset',
      `${closing}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n`,
      'RST',
      'reset',
    ],
    ['a body up to the end that is reset', `${head}\r\nok`, 'RST', 'reset'],
    ['a body up to the end, announced, that is reset', `${closing}\r\nok`, 'RST', 'reset'],
    ['an empty body up to the end that is reset', `${head}\r\n`, 'RST', 'reset'],
  ])('%s', async (_, octets, end, kind) => {
    expect(await outcomeOf(engine, octets, end)).toEqual({ [kind]: 8 });
  });

  it.each<[string, string, End, string]>([
    ['a body up to the end', `${head}\r\nok`, 'FIN', '200'],
    [
      'a 304 with the length of what it stands for',
      'HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n',
      'open',
      '304',
    ],
    ['a 204 with a length', 'HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n', 'open', '204'],
    ['a response after early hints', `HTTP/1.1 103 X\r\n\r\n${sized}`, 'open', '200'],
  ])('%s a response', async (_, octets, end, status) => {
    expect(await outcomeOf(engine, octets, end)).toEqual({ [status]: 8 });
  });

  /** undici's parser is as strict as it may be here, and cannot be told otherwise. */
  const unlessUndici = engine === 'undici' ? it.fails : it;
  unlessUndici.each<[string, string, string]>([
    ['a response after a 100 that nobody asked for', `HTTP/1.1 100 X\r\n\r\n${sized}`, '200'],
    [
      'a 101 that nobody asked for',
      'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      '101',
    ],
    [
      'a response with its length twice',
      `${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`,
      '200',
    ],
    ['a response whose lines end with LF alone', sized.replaceAll('\r\n', '\n'), '200'],
  ])('%s a response', async (_, octets, status) => {
    expect(await outcomeOf(engine, octets, 'open')).toEqual({ [status]: 8 });
  });
});
