import { beforeAll, describe, expect, it } from 'vitest';

import { buildTarget, type BuiltTarget } from '../../src/targets/build.js';
import { loadCatalog, ofRole } from '../../src/targets/catalog.js';
import { checkContract } from '../../src/targets/contract.js';
import { Toolchains } from '../../src/targets/toolchain.js';
import { nodeTarget, serverProgram } from './fixtures.js';

const toolchains = new Toolchains();
const everyToolchainIsDue = process.env['C1M_REQUIRE_ALL'] === '1';
const catalog = ofRole(await loadCatalog(), 'server');

describe.each(catalog.map((target) => ({ name: target.manifest.name, target })))(
  'the reference target $name',
  ({ target }) => {
    let built: BuiltTarget | null = null;
    let missing = '';

    beforeAll(async () => {
      const toolchain = await toolchains.find(target.manifest.runtime);
      if (toolchain.found) built = await buildTarget(target, { toolchain });
      else missing = `${toolchain.reason}. ${toolchain.remedy}`;
    });

    it('keeps to the contract', async (context) => {
      if (built === null) {
        if (everyToolchainIsDue) expect.fail(missing);
        console.warn(`SKIPPED: the contract of ${target.manifest.name}: ${missing}`);
        return context.skip(missing);
      }
      const checks = await checkContract(built);
      const breaches = checks.filter(({ ok }) => !ok);
      expect(breaches.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([]);
      expect(checks.length).toBeGreaterThan(15);
    });
  },
);

describe('checkContract', () => {
  async function breaches(program: string, manifest: Readonly<Record<string, unknown>>) {
    const checks = await checkContract(await nodeTarget(program, manifest), { idleSeconds: 0.1 });
    return checks.filter(({ ok }) => !ok).map(({ check, detail }) => `${check}: ${detail}`);
  }

  it('holds a user’s own target only to what its manifest lists', async () => {
    expect(await breaches(serverProgram, { serves: [] })).toEqual([]);
  });

  it('says what a server did instead', async () => {
    const program = serverProgram.replace(
      `response.end('ok')`,
      `{ response.shouldKeepAlive = request.url === '/health'; response.end('Hello'); }`,
    );
    const found = await breaches(program, { serves: ['plaintext'] });
    expect(found).toContain(
      'GET /plaintext answers “Hello, World!”: GET /plaintext was answered with "Hello", not "Hello, World!"',
    );
    expect(found).toContainEqual(
      expect.stringMatching(/^A connection stays open from request to request: the connection was/),
    );
  });

  it('goes on when the server dies under a check', async () => {
    const program = serverProgram.replace(
      `response.end('ok')`,
      `request.url === '/health' ? response.end('ok') : process.exit(1)`,
    );
    const found = await breaches(program, { serves: ['plaintext', 'health'] });
    expect(found.length).toBeGreaterThan(5);
    expect(found).toContainEqual(expect.stringContaining('ECONNREFUSED'));
  });
});
