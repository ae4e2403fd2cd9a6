import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../../dist/index.js';
import { root } from '../fixtures/c1m.js';
import { recordingServer } from '../fixtures/recording-server.js';
import { engines } from '../fixtures/uring.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

let server: Awaited<ReturnType<typeof recordingServer>>;
beforeEach(async () => {
  server = await recordingServer();
});
afterEach(() => server.close());

interface Received {
  readonly line: string;
  /** By names in lower case; a name that comes twice has both values. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

function received(request: string): Received {
  const [head = '', ...body] = request.split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const fields: Record<string, string> = {};
  for (const field of lines) {
    const [name = '', value = ''] = field.split(/: (.*)/s);
    const key = name.toLowerCase();
    fields[key] = key in fields ? `${fields[key]!} | ${value}` : value;
  }
  return { line, fields, body: body.join('\r\n\r\n') };
}

/** The octets of a text, a character for each. */
const octets = (text: string): string => Buffer.from(text).toString('latin1');

describe.each(engines)('what the engine %s sends', (engine) => {
  async function sent(url: string, options: RunOptions, requests = 1): Promise<Received[]> {
    const few = { engine, requests: `${requests}`, connections: '1', threads: '1' };
    await run(url, { ...few, ...options });
    expect(server.requests).toHaveLength(requests);
    return server.requests.map(received);
  }

  it('of a URL is a valid request line, whatever was typed', async () => {
    const typed = '/a\tb\r\n\0/ü x/"<>\\^`|/{}{{seq}/%7B%9b/../{seq}?n={rand:7:7} 1#c';
    const [request] = await sent(`http://${server.address}${typed}`, {});
    expect(request!.line).toBe(
      'GET /a%09b%0D%0A%00/%C3%BC%20x/%22%3C%3E%5C%5E%60%7C/%7B%7D%7Bseq%7D/%7B%9b/../0?n=7%201 HTTP/1.1',
    );
  });

  it('of a URL of 60,000 characters is all of it', async () => {
    const path = `/${'x'.repeat(60_000)}?`;
    const [request] = await sent(`http://${server.address}${path}`, {});
    expect(request!.line).toBe(`GET ${path} HTTP/1.1`);
  });

  it('to an address of IPv6 has it in brackets', async () => {
    server.close();
    server = await recordingServer('::1');
    const [request] = await sent(`http://${server.address}/x`, {});
    expect(request!.fields['host']).toBe(server.address);
  });

  it('of user and password in the URL is an Authorization, percent-decoded', async () => {
    const [request] = await sent(`http://ada:p%40ss%3A1@${server.address}/x`, {});
    expect(request!.fields).toMatchObject({
      host: server.address,
      authorization: `Basic ${Buffer.from('ada:p@ss:1').toString('base64')}`,
    });
  });

  it('of headers is each of them, as it was written', async () => {
    const header = ['X-A: 1', 'X-A: 2', 'x-b:\ta\tb ', 'X-C: é', 'X-Empty:', 'Host: other'];
    const [request] = await sent(server.address, { header });
    expect(request!.fields).toMatchObject({
      ...{ 'x-a': '1 | 2', 'x-b': 'a\tb', 'x-c': octets('é'), 'x-empty': '', host: 'other' },
    });
  });

  it.each([
    ['patch', undefined, 'PATCH'],
    ['purge', undefined, 'purge'],
    ['GET', 'a body', 'GET'],
  ])('with --method %s and the body %s is a %s', async (method, body, expected) => {
    const [request] = await sent(server.address, { method, body });
    expect(request!.line).toBe(`${expected} / HTTP/1.1`);
    expect(request!.body).toBe(body ?? '');
  });

  it.each([
    ['JSON', '{"n":{seq},"of":["{rand:5:5}"]}', '{"n":0,"of":["5"]}', 'application/json'],
    ['a text that begins with @', '@@ada', '@ada', 'text/plain; charset=utf-8'],
  ])('of a body that is %s says so', async (_what, body, expected, type) => {
    const [request] = await sent(server.address, { body });
    expect(request!.body).toBe(expected);
    expect(request!.fields['content-type']).toBe(type);
  });

  it('of a body keeps the Content-Type that the user gave', async () => {
    const [request] = await sent(server.address, { body: '{}', header: ['content-type: a/b'] });
    expect(request!.fields['content-type']).toBe('a/b');
  });

  it('of --body @file is what is in it, octet for octet', async () => {
    const content = Uint8Array.from([0, 255, 13, 10, ...Buffer.from('{seq}\r\n')]);
    const [request] = await sent(server.address, { body: `@${file('body', content)}` });
    expect(request!.line).toBe('POST / HTTP/1.1');
    expect(request!.body).toBe(Buffer.from(content).toString('latin1'));
    expect(request!.fields['content-type']).toBe('application/octet-stream');
  });

  it('of a row is fit for its place: path, header, JSON and text', async () => {
    file('people.csv', 'na#me,id\nAda,1\r\n"a ""b""\\/ü",2\n');
    const scenario = file(
      'rows.yaml',
      `name: rows
data: people.csv
requests:
  - path: '/{row.na#me}?id={row.id}'
    headers: {X-Name: '{row.na#me}'}
    body: '{"id":{row.id},"of \\"{row.id}\\"":"{row.na#me}"}'
phases: [{requests: 2, connections: 1}]
`,
    );
    const requests = await sent(
      server.address,
      {
        scenario,
        requests: undefined,
        connections: undefined,
      },
      2,
    );
    expect(requests.map(({ line }) => line)).toEqual([
      'POST /Ada?id=1 HTTP/1.1',
      'POST /a%20%22b%22%5C%2F%C3%BC?id=2 HTTP/1.1',
    ]);
    expect(requests.map(({ fields }) => fields['x-name'])).toEqual(['Ada', octets('a "b"\\/ü')]);
    expect(requests.map(({ body }) => body)).toEqual([
      '{"id":1,"of \\"1\\"":"Ada"}',
      octets('{"id":2,"of \\"2\\"":"a \\"b\\"\\\\/ü"}'),
    ]);
  });

  it('of a body in a scenario is the file that it names', async () => {
    file('order.json', '{"order":1}');
    const scenario = file(
      'order.yaml',
      `name: order
requests: [{path: /, body: '@order.json'}]
phases: [{requests: 1, connections: 1}]
`,
    );
    const [request] = await sent(server.address, { scenario });
    expect(request).toMatchObject({
      body: '{"order":1}',
      fields: { 'content-type': 'application/json' },
    });
  });
});

it('--body @- sends standard input', async () => {
  const { requests, address } = server;
  const command = `printf '{"a":1}\\n' | "$0" bin/c1m.js run -q --engine net -n 1 --body @- ${address}`;
  const { status, stderr } = await shell(command);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(received(requests[0]!)).toMatchObject({
    body: '{"a":1}\n',
    fields: { 'content-type': 'application/json' },
  });
});

async function shell(command: string): Promise<{ status: number | null; stderr: string }> {
  const child = spawn('/bin/sh', ['-c', command, process.execPath], { cwd: root });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.resume();
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr };
}
