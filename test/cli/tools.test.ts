import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { c1m } from '../fixtures/c1m.js';
import { targetFolder } from '../fixtures/target-folder.js';

describe('c1m scenarios', () => {
  it('lists what comes with c1m', async () => {
    const { code, stdout } = await c1m(['scenarios']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^compare {2,}\S/m);
  });

  it('shows a file that it then finds in order', async () => {
    const { stdout } = await c1m(['scenarios', 'show', 'spike']);
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'mine.yaml');
    writeFileSync(file, stdout);
    expect((await c1m(['scenarios', 'check', file])).code).toBe(0);
  });

  it('names a problem with its line, and exits with 2', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'bad.yaml');
    writeFileSync(file, 'name: bad\nrequests:\n  - path: /\nphases:\n  - durration: 1s\n');
    const { code, stderr } = await c1m(['scenarios', 'check', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:5:\d+: .*durration/);
  });
});

describe('c1m doctor', () => {
  it('states the limits of this machine, each with what it limits', async () => {
    const { code, stdout } = await c1m(['doctor', '--json']);
    expect(code).toBe(0);
    const findings = JSON.parse(stdout) as { name: string; limits: string }[];
    const names = findings.map(({ name }) => name);
    for (const name of [
      'cores',
      'ulimit -n',
      'somaxconn',
      'io_uring',
      'go',
      'java',
      'python',
      'node',
    ]) {
      expect(names).toContain(name);
    }
    for (const { limits } of findings) expect(limits).not.toBe('');
  });
});

describe('c1m targets', () => {
  it('lists the reference servers, and apart from them the programs', async () => {
    const { code, stdout } = await c1m(['targets', 'list']);
    expect(code).toBe(0);
    const [servers, programs] = stdout.split('Programs, for c1m wakeup');
    for (const name of ['go-bare', 'java-vt-bare', 'python-uvloop-bare', 'node-http']) {
      expect(servers).toContain(name);
    }
    expect(servers).toMatch(/node-http2 .*\n +node \S+, HTTP\/2, streams of events$/m);
    expect(servers).not.toContain('wakeup-');
    for (const name of ['wakeup-go', 'wakeup-java-vt', 'wakeup-uvloop', 'wakeup-node']) {
      expect(programs).toContain(name);
    }
  });

  it('starts one until it is interrupted', async () => {
    const { code, stdout } = await c1m(['targets', 'start', 'node-http'], /answers at/);
    expect(stdout).toMatch(/node-http answers at http:\/\/127\.0\.0\.1:\d+/);
    expect(code).toBe(0);
  });

  it('says where the runtime of one can be asked', async () => {
    const words = ['targets', 'start', 'node-http', '--probe'];
    const { code, stdout } = await c1m(words, /Its runtime: .*\n/);
    expect(stdout).toMatch(/Its runtime: curl http:\/\/127\.0\.0\.1:\d+\/probe\n/);
    expect(code).toBe(0);
  });

  it('refuses --probe for one that has none, and says what to do', async () => {
    const folder = targetFolder('silent', '');
    const flags = ['--probe', '--targets', folder];
    const { code, stderr } = await c1m(['targets', 'start', 'silent', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--probe: silent has no probe\n.*CONTRACT\.md.*`serves`/);
  });

  it('suggests the name that was meant', async () => {
    const { code, stderr } = await c1m(['targets', 'start', 'node-htpp']);
    expect(code).toBe(2);
    expect(stderr).toContain('node-http');
  });
});

describe('c1m report', () => {
  it('refuses a result of an unknown version, and says what to do', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'later.json');
    writeFileSync(file, '{"schemaVersion": 99}');
    const { code, stderr } = await c1m(['report', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('schema version 99');
  });

  it('says that there is no such file', async () => {
    const { code, stderr } = await c1m(['report', '/no/such/result.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('no such file');
  });
});

it('c1m demo explains every line that it prints', async () => {
  const { code, stdout } = await c1m(['demo']);
  expect(code).toBe(0);
  for (const figure of ['requests/s', 'p99.9 latency', 'bytes per connection', 'CPU per request']) {
    expect(stdout).toContain(figure);
  }
});
