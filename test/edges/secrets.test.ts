import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../dist/index.js';
import { keptCommand, keptHeaderLine, keptUrl, keptWords } from '../../src/config/secrets.js';
import { c1m } from '../fixtures/c1m.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-secrets-'));

let close: (() => void) | undefined;
afterEach(() => close?.());

/** What a server was really asked, and its port. */
async function asked(): Promise<{
  port: number;
  requests: (IncomingMessage & { body: string })[];
}> {
  const requests: (IncomingMessage & { body: string })[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push(Object.assign(request, { body }));
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, requests };
}

const secretHeaders = [
  'Authorization',
  'Cookie',
  'X-Auth',
  'X-Password',
  'X-Session-Id',
  'X-Access-Key',
  'Ocp-Apim-Subscription-Key',
  'Referer',
  'X-Nobody-Knows-This-One',
];
/** Each has its own, so that a failure says which one got out. */
const secretOf = (where: string): string => `s3cr3t${where.toLowerCase().replaceAll('-', '')}`;

function secretRun(port: number, more: string[], marker = ''): string[] {
  return [
    'run',
    ...['-n', '4', '-c', '1', '--engine', 'net'],
    ...secretHeaders.flatMap((name) => ['-H', `${name}: ${secretOf(name)}${marker}`]),
    ...['-H', 'Accept: text/plain'],
    ...['--body', `{"pin":"${secretOf('body')}"}`],
    ...more,
    `http://127.0.0.1:${port}/a?api_key=${secretOf('key')}&access_token=${secretOf('token')}&id={seq}`,
  ];
}

describe('a secret that a load needs', () => {
  it('is sent, and stands in no result, report or line that is printed', async () => {
    const { port, requests } = await asked();
    const out = join(folder, 'out');
    const json = await c1m([...secretRun(port, ['--json']), '-o', out]);
    expect(json.code, json.stderr).toBe(0);
    expect(requests[0]!.headers['x-auth']).toBe(secretOf('X-Auth'));
    expect(requests[0]!.url).toContain(`api_key=${secretOf('key')}&`);
    expect(requests[0]!.body).toContain(secretOf('body'));
    const text = await c1m(secretRun(port, []));
    const reports = await Promise.all(
      ['--html', '--markdown', '--csv', '--prometheus', '--junit'].map((flag) =>
        c1m(['report', out, flag, '-']),
      ),
    );
    const files = readdirSync(out).map((name) => readFileSync(join(out, name), 'latin1'));
    for (const { stdout, stderr } of [json, text, ...reports]) files.push(stdout, stderr);
    for (const file of files) expect(/s3cr3t\w*/.exec(file)?.[0]).toBeUndefined();
  });

  it('leaves its name and what is harmless, and its value in the hash', async () => {
    const { port } = await asked();
    const run = async (marker: string): Promise<RunResult> => {
      const { stdout } = await c1m(secretRun(port, ['--json', '-q'], marker));
      return JSON.parse(stdout) as RunResult;
    };
    const [one, same, other] = [await run(''), await run(''), await run('x')];
    const { requests } = one.scenario.document as { requests: Record<string, unknown>[] };
    expect(requests[0]!['path']).toBe('/a?api_key=…&access_token=…&id={seq}');
    expect(requests[0]!['headers']).toMatchObject({ 'X-Auth': ['…'], Accept: ['text/plain'] });
    expect(requests[0]!['body']).toMatch(/^\d+ bytes/);
    expect(one.targets[0]!.url).toBe(
      `http://127.0.0.1:${port}/a?api_key=…&access_token=…&id={seq}`,
    );
    expect(one.tool.command).toContain('-H X-Auth: … ');
    expect(one.tool.command).toContain('--body … ');
    expect(same.scenario.hash).toBe(one.scenario.hash);
    expect(other.scenario.hash).not.toBe(one.scenario.hash);
  });

  it.each([
    ['a password with a slash', ['run', 'http://user:s3cr/3t@host/']],
    ['a password with a question mark', ['run', 'http://user:s3cr?3t@host/']],
    ['a password in a URL of another kind', ['run', 'ftp://user:s3cr3t@host/?key=s3cr3t']],
    ['a header without a colon', ['run', '-H', 'X-Auth s3cr3t', 'http://h/']],
    ['a header that would break out', ['run', '-H', 'X-Auth: s3cr3t\r\nA: b', 'http://h/']],
    ['a flag that was mistyped', ['run', '--bdy=s3cr3t', 'http://h/']],
    ['a URL in place of a command', ['http://user:s3cr3t@host/']],
  ])('is not printed with the complaint about %s', async (_what, words) => {
    const { code, stdout, stderr } = await c1m(words);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
    expect(stdout + stderr).not.toMatch(/s3cr|3t/);
  });

  it('is not printed with the complaint about a scenario', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(
      file,
      'name: x\nrequests:\n  - path: "no?api_key=s3cr3t"\n    headers: {X-Auth: [[s3cr3t]]}\nphases: []\n',
    );
    const { code, stderr } = await c1m(['scenarios', 'check', file]);
    expect(code).not.toBe(0);
    expect(stderr).not.toMatch(/s3cr3t/);
  });
});

it.each([
  ['http://u:p@h/a@b?x=1&y={seq}&flag#part', 'http://…@h/a@b?x=…&y={seq}&…#…'],
  ['u:p@h:80/x', '…@h:80/x'],
  ['h/@me', 'h/@me'],
  ['http://h/?mail=a@b', 'http://h/?mail=…'],
  ['/x;jsessionid=12', '/x;jsessionid=…'],
  ['http://u:p#w@h/?k=1', 'http://…@h/?k=…'],
  ['10k', '10k'],
])('of the URL %s is kept %s', (written, kept) => {
  expect(keptUrl(written)).toBe(kept);
});

it('keeps of a server’s command what it is, and not what it is given', () => {
  const command = 'TOKEN=a ./server --port={port} --api-key "b c" --pw=d http://u:e@h/ --quiet';
  expect(keptCommand(command)).toBe(
    'TOKEN=… ./server --port={port} --api-key … --pw=… http://…@h/ --quiet',
  );
});

it('keeps of what was typed the flags', () => {
  const words = [
    'run',
    '-qHCookie: y',
    '-H',
    'Accept: z',
    '--header=A: z',
    '--fail-if',
    'p99<=5ms',
  ];
  expect(keptWords(words)).toEqual([
    'run',
    '-qHCookie: …',
    '-H',
    'Accept: z',
    '--header=A: …',
    '--fail-if',
    'p99<=5ms',
  ]);
  expect(keptHeaderLine('no colon')).toBe('…');
});
