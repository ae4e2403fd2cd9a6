import { afterEach, describe, expect, it } from 'vitest';
import { c1m } from '../../fixtures/c1m.js';
import { phaseOf } from '../../fixtures/phase.js';
import { serve, type Served } from '../../fixtures/serve.js';
import { engines } from '../../fixtures/uring.js';
import { exitCodes } from '../../../src/cli/exit-codes.js';

let served: Served | undefined;
afterEach(() => served?.stop());

describe('a header that an engine does not send is refused before the load', () => {
  it.each([
    [
      'Expect: 100-continue',
      ['--engine', 'undici'],
      /undici does not send request 1: expect .*--engine net\n/,
    ],
    [
      'Upgrade: x',
      ['--engine', 'undici'],
      /undici does not send request 1: .*upgrade.*--engine net\n/,
    ],
    [
      'Keep-Alive: timeout=5',
      ['--engine', 'undici'],
      /undici does not send request 1: .*keep-alive/,
    ],
    ['Expect: 100-continue', ['--http2', '--engine', 'undici'], /use --engine net\n/],
    [
      'Upgrade: x',
      ['--http2'],
      /HTTP\/2 has no header "Upgrade: x"; leave it out, or do without --http2\n/,
    ],
    ['TE: gzip', ['--http2'], /HTTP\/2 has no header "TE: gzip"/],
  ])('%s with %j', async (header, flags, message) => {
    served = await serve();
    const args = ['run', '-n', '10', '-c', '2', '-q', '-H', header, ...flags, served.url];
    const { code, stdout, stderr } = await c1m(args);
    expect(code).toBe(exitCodes.usage);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect((await served.count()).requests).toBe(0);
  });

  it.each(engines.filter((engine) => engine !== 'undici'))('and sent by %s', async (engine) => {
    served = await serve();
    const header = ['Expect: 100-continue', 'Keep-Alive: timeout=5'];
    const { load } = await phaseOf(served.url, {
      engine,
      header,
      requests: '10',
      connections: '2',
    });
    expect(load.statusCodes).toEqual({ 200: 10 });
  });
});
