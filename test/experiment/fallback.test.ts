import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { resultSchema } from '../../dist/index.js';
import { c1m, root } from '../fixtures/c1m.js';
import { serve, type Served } from '../fixtures/serve.js';
import { hasUring } from '../fixtures/uring.js';
import { hasInstrument } from '../measure/measured-process.js';

let served: Served | undefined;
afterEach(() => served?.stop());

const refuse = fileURLToPath(new URL('../fixtures/refuse-io-uring.py', import.meta.url));
const refusing = ['python3', refuse];
const canRefuse = hasUring && hasInstrument('python3', '--version');

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** c1m without what is optional, as pnpm lays it out: links to packages, whose own packages stand by them. */
function installWithoutKoffi(): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-without-koffi-'));
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return folder;
}

const seccomp = { reason: 'a seccomp filter forbids it', remedy: 'seccomp=unconfined' };
const noKoffi = {
  reason: 'the package koffi is not installed, or not for this platform',
  remedy: 'Install without --omit=optional',
};

describe.each([
  { where: 'a seccomp filter refuses io_uring', surroundings: { under: refusing }, why: seccomp },
  {
    where: 'koffi is not installed',
    surroundings: { install: installWithoutKoffi() },
    why: noKoffi,
  },
])('where $where', ({ surroundings, why }) => {
  const isLinux = process.platform === 'linux';
  const itRefuses = it.runIf('under' in surroundings ? canRefuse : isLinux);

  itRefuses('c1m run falls back on net, and the result says why', async () => {
    served = await serve();
    const { stdout, stderr } = await c1m(
      ['run', '--json', '-n', '100', served.url],
      undefined,
      surroundings,
    );
    const { engine, targets } = resultSchema.parse(JSON.parse(stdout));
    expect(stderr).toBe('');
    expect(engine).toEqual({ name: 'net', reason: `uring: ${why.reason}` });
    expect(targets[0]!.trials[0]!.load).toMatchObject({ engine: 'net', responses: 100 });
  });

  itRefuses('c1m run --engine uring exits with 2, and says why and what to do', async () => {
    const args = ['run', '--engine', 'uring', '-n', '1', 'http://127.0.0.1:9/'];
    const { code, stdout, stderr } = await c1m(args, undefined, surroundings);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`--engine: uring cannot be used here: ${why.reason}`);
    expect(stderr).toContain(why.remedy);
    expect(stderr).toContain('or use --engine net');
  });

  itRefuses('c1m doctor says why and what to do', async () => {
    const { code, stdout } = await c1m(['doctor', '--json'], undefined, surroundings);
    expect(code).toBe(0);
    const findings = JSON.parse(stdout) as { name: string; status: string; remedy: string }[];
    const finding = findings.find(({ name }) => name === 'io_uring')!;
    expect(finding).toMatchObject({ status: 'warn', value: why.reason });
    expect(finding.remedy).toContain(why.remedy);
  });

  itRefuses('c1m serve exits with 2, and says why and what to do', async () => {
    const { code, stderr } = await c1m(['serve'], undefined, surroundings);
    expect(code).toBe(2);
    expect(stderr).toContain(why.reason);
    expect(stderr).toContain(why.remedy);
  });
});
