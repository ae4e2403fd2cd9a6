import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { compare } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { Certificates } from '../fixtures/certificates.js';
import { phaseOf } from '../fixtures/phase.js';
import { startGreeter, type GreeterServer } from './greeter-server.js';

let greeter: GreeterServer | undefined;
afterEach(() => greeter?.close());

const folder = mkdtempSync(join(tmpdir(), 'c1m-left-to-server-'));
const talker = new URL('./talker', import.meta.url).pathname;

function scenario(more = '', method = 'Chat'): string {
  const file = join(folder, 'talk.yaml');
  writeFileSync(
    file,
    `name: talk
protocol: grpc
requests: [{ call: test.greeter.Greeter/${method}, message: { name: 'x {seq}' } }]
phases: [{ requests: 20, connections: 2 }]
streams: 2
trials: 1
${more}`,
  );
  return file;
}

describe('a scenario that names no .proto file', () => {
  it('is left to a server that is up, over TLS as the scenario has it', async () => {
    const made = new Certificates();
    const { cert, key } = made.signed('good');
    const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
    greeter = await startGreeter(grpc.ServerCredentials.createSsl(null, [pair]));
    const { load } = await phaseOf(`https://127.0.0.1:${greeter.port}/`, {
      scenario: scenario(`tls: { cacert: ${made.authority.certFile} }`),
    });
    expect(load).toMatchObject({ unit: 'call', responses: 20, errors: {} });
    expect(greeter.heard).toHaveLength(20);
  });

  it('is left to a target that is started for it, in a run and a comparison', async () => {
    const file = scenario('pingPong: true');
    const { load } = await phaseOf(talker, { scenario: file });
    expect(load).toMatchObject({ unit: 'message', responses: 20, errors: {} });
    const { targets } = await compare({
      ...{ scenario: file, targets: ['talker'], targetFolders: [join(talker, '..')] },
    });
    expect(targets[0]!.trials[0]!.phases[0]!.load).toMatchObject({ responses: 20, errors: {} });
  });

  it('names what the server has instead, and where it says so', async () => {
    greeter = await startGreeter();
    const url = `http://127.0.0.1:${greeter.port}/`;
    const wrong = scenario('', 'Chart');
    await expect(phaseOf(url, { scenario: wrong })).rejects.toThrow(
      /talk\.yaml:3:\d+: there is no method[^]*Did you mean test\.greeter\.Greeter\/Chat\?/,
    );
    greeter.close();
    await expect(phaseOf(url, { scenario: scenario() })).rejects.toThrow(
      /talk\.yaml:3:\d+: the server could not be asked[^]*proto: FILE/,
    );
  });

  it('is refused by a gate that would have to start its server first', async () => {
    const command = `node ${join(talker, 'server.js')} {port}`;
    const sides = ['--base-command', command, '--head-command', command];
    const { code, stderr } = await c1m(['gate', ...sides, '--scenario', scenario()]);
    expect(code).toBe(2);
    expect(stderr).toContain('Write proto: FILE beside requests');
  });
});
