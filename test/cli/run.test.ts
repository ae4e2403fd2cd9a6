import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { resultSchema, type RunResult } from '../../dist/index.js';
import { c1m, root } from '../fixtures/c1m.js';
import { serveNull } from '../fixtures/null-server.js';
import { serve, type Served } from '../fixtures/serve.js';
import { hasUring } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

describe('c1m run', () => {
  it('prints a summary for people, with the percentiles', async () => {
    served = await serve('delay', '2');
    const { code, stdout } = await c1m(['run', '-d', '500ms', '-c', '5', '-q', served.url]);
    expect(code).toBe(0);
    expect(stdout).toContain('Requests/s');
    expect(stdout).toMatch(/99\.9 % │ +\S+ ms/);
    expect(stdout).not.toContain('\x1b');
  });

  it('prints the result document and nothing else with --json', async () => {
    served = await serve();
    const { code, stdout } = await c1m(['run', '-n', '100', '--json', served.url]);
    expect(code).toBe(0);
    const result = resultSchema.parse(JSON.parse(stdout));
    expect(result.targets[0]!.trials[0]!.load.responses).toBe(100);
  });

  it('keeps the result and the histograms with -o', async () => {
    served = await serve();
    const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
    await c1m(['run', '-n', '100', '-q', '-o', folder, served.url]);
    const files = readdirSync(folder).sort();
    expect(files).toHaveLength(2);
    const result = resultSchema.parse(JSON.parse(readFileSync(join(folder, files[1]!), 'utf8')));
    expect(result.targets[0]!.trials[0]!.histograms).toBe(files[0]);
  });

  it('refuses a place that nothing can be stored in before it measures', async () => {
    served = await serve();
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'file');
    writeFileSync(file, 'no folder');
    const { code, stderr } = await c1m(['run', '-n', '50', '-q', '-o', file, served.url]);
    expect(code).toBe(2);
    expect(stderr).toContain('-o');
    expect(stderr).toContain(file);
    expect((await served.count()).requests).toBe(0);
  });

  it('names every wrong flag at once, with the remedy, and exits with 2', async () => {
    const { code, stderr } = await c1m(['run', '-c', '0', '-d', '1x', '--rate', 'fast', 'ftp://x']);
    expect(code).toBe(2);
    for (const where of ['URL', '--connections', '--duration', '--rate']) {
      expect(stderr).toContain(`${where}: `);
    }
  });

  it('refuses a header that would break out of its line', async () => {
    const { code, stderr } = await c1m(['run', '-H', 'A: b\r\nC: d', 'localhost:1']);
    expect(code).toBe(2);
    expect(stderr).toContain('--header: ');
  });

  it('exits with 6 where nothing answers', async () => {
    const { code, stdout } = await c1m(['run', '-d', '200ms', '-q', 'http://127.0.0.1:9/']);
    expect(code).toBe(6);
    expect(stdout).toContain('refused');
  });

  it('reports what was measured after Ctrl-C, and exits with 130', async () => {
    served = await serve();
    const { code, stdout } = await c1m(['run', '-d', '1m', served.url], /[1-9][\d,]* responses/);
    expect(code).toBe(130);
    expect(stdout).toContain('Requests/s');
  });
});

describe('the README', () => {
  /** On a busy machine c1m says that its own figures are not valid, with exit code 6. */
  const measured = [0, 6];

  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  it('has commands that work', async () => {
    served = await serve();
    const commands = [
      ...readme.matchAll(/npx c1m ((?:run|report (?!FILE)|targets|scenarios|doctor)[^\n`]*)/g),
    ]
      .map((match) => match[1]!)
      .filter((command) => !command.includes('1M'));
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) {
      const args = command.replace('http://localhost:8080/', served.url).split(' ');
      const short = /^run(?!.*--help)/.test(command) ? ['-d', '300ms'] : [];
      expect(measured, command).toContain((await c1m([...args, ...short])).code);
    }
  });

  it.runIf(hasUring)('holds its million connections, here fewer of them', async () => {
    const [, range, first, last] = /npx c1m serve --ports ((\d+)-(\d+))/.exec(readme)!;
    const command = /npx c1m (run -c 1M [^\n`]*)/.exec(readme)![1]!;
    expect(command).toContain(`http://127.0.0.1:${range}/`);
    const server = await serveNull(Number(last) - Number(first) + 1);
    try {
      const args = command.replace(`http://127.0.0.1:${range}/`, server.url).split(' ');
      const fewer = ['-c', '21k', '-R', '2k', '-d', '900ms', '--json'];
      const { code, stdout } = await c1m([...args, ...fewer]);
      expect(measured).toContain(code);
      const { load } = (JSON.parse(stdout) as RunResult).targets[0]!.trials[0]!;
      expect(load.engine).toBe('uring');
      expect(load.connections).toMatchObject({ requested: 21_000, established: 21_000, lost: 0 });
    } finally {
      await server.stop();
    }
  });
});
