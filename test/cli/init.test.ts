import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resultSchema } from '../../dist/index.js';
import { Toolchains } from '../../dist/targets/toolchain.js';
import { c1m, root } from '../fixtures/c1m.js';

const node = `
require('node:http')
  .createServer((_request, response) => response.end('Hello, World!'))
  .listen(process.env.PORT || 3000);
`;

/** Its dependency lies beside it, so that installing it asks no registry. */
const nodeWithDependency = {
  'package.json':
    '{"name": "@shop/With Dep", "main": "index.mjs", "dependencies": {"words": "file:./words"}}',
  'index.mjs': `import http from 'node:http';
import words from 'words';
http.createServer((_request, response) => response.end(words)).listen(process.env.PORT);`,
  'words/package.json': '{"name": "words", "version": "1.0.0", "type": "module", "main": "w.js"}',
  'words/w.js': `export default 'Hello';`,
};

const go = {
  'go.mod': 'module example.com/shop/v2\n\ngo 1.22\n',
  'cmd/server/main.go': `package main

import (
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Hello")) })
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
}
`,
};

const python = {
  'pyproject.toml': '[project]\nname = "shop"\nrequires-python = ">=3.10"\ndependencies = []\n',
  'main.py': `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hello(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"Hello")

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Hello).serve_forever()
`,
};

const files = ['target.yaml', 'scenario.yaml', '.github/workflows/c1m.yml'];

function projectWith(sources: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-init-'));
  for (const [name, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function commit(folder: string): void {
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words]);
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
}

const manifestOf = (folder: string): unknown =>
  parse(readFileSync(join(folder, 'target.yaml'), 'utf8'));

describe('c1m init --yes', () => {
  it.each([
    ['node', nodeWithDependency],
    ['go', go],
    ['python', python],
  ] as const)('describes a server in %s that c1m run then starts', async (runtime, sources) => {
    if (!(await new Toolchains().find({ name: runtime })).found) {
      if (process.env['C1M_REQUIRE_ALL'] === '1') expect.fail(`${runtime} is not installed`);
      console.warn(`SKIPPED: c1m init: ${runtime} is not installed`);
      return;
    }
    const folder = projectWith(sources);
    const { code, stdout, stderr } = await c1m(['init', '--yes'], undefined, { cwd: folder });
    expect(code, stderr).toBe(0);
    for (const file of files) expect(existsSync(join(folder, file)), file).toBe(true);
    expect(stdout).not.toContain('PORT');
    const cwd = { cwd: folder };
    expect((await c1m(['scenarios', 'check', 'scenario.yaml'], undefined, cwd)).code).toBe(0);
    const run = await c1m(['run', '.', '-n', '50', '-c', '4', '--json', '-q'], undefined, cwd);
    const result = resultSchema.parse(JSON.parse(run.stdout));
    const [target] = result.targets;
    expect(target!.runtime).toBe(runtime);
    expect(target!.trials[0]!.load.statusCodes).toEqual({ '200': 50 });
    expect(target!.trials[0]!.server!.rssPeakBytes).toBeGreaterThan(1e6);
  });

  // test/docs.test.ts runs them.
  it('says which two commands come next, and what to do where git has no commit yet', async () => {
    const folder = projectWith({
      'package.json': '{"scripts": {"start": "NODE_ENV=production node s.js"}}',
      's.js': node,
    });
    const next = async (): Promise<string> =>
      (await c1m(['init', '--yes'], undefined, { cwd: folder })).stdout.split('Next:\n')[1]!;
    const before = await next();
    expect(before).toMatch(/^ {2}(npx )?c1m run --scenario scenario\.yaml \.$/m);
    expect(before).toMatch(/^ {2}git init && git add -A && git commit .* && (npx )?c1m gate /m);
    commit(folder);
    expect(await next()).toMatch(
      /^ {2}(npx )?c1m gate --base HEAD --budget 6m --scenario scenario\.yaml -- \.$/m,
    );
    expect(manifestOf(folder)).toMatchObject({ env: { NODE_ENV: 'production' } });
  });

  it('describes a server in Java, by its build tool and framework', async () => {
    const pom = `<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent>
      <artifactId>Shop_Server</artifactId><properties><java.version>21</java.version></properties></project>`;
    const maven = projectWith({ 'pom.xml': pom });
    const gradle = projectWith({
      'build.gradle': 'plugins { id "application" }\nsourceCompatibility = 17\n',
      'settings.gradle': "rootProject.name = 'shop'\n",
      'src/main/java/Main.java':
        'class Main { int port = Integer.parseInt(System.getenv("PORT")); }',
      gradlew: '',
    });
    for (const folder of [maven, gradle]) {
      const { code, stderr } = await c1m(['init', '--yes', folder]);
      expect(code, stderr).toBe(0);
      const listed = await c1m(['targets', 'list', '--targets', folder]);
      expect(listed.code, listed.stderr).toBe(0);
    }
    expect(manifestOf(maven)).toMatchObject({
      name: 'shop-server',
      runtime: { name: 'java', minVersion: '21' },
      start: ['{java}', '-jar', '{build}/server.jar'],
      env: { SERVER_PORT: '{port}' },
    });
    expect(JSON.stringify(manifestOf(maven))).toContain('mvn -q -B -DskipTests package');
    expect(manifestOf(gradle)).toMatchObject({ name: 'shop', runtime: { minVersion: '17' } });
    expect(JSON.stringify(manifestOf(gradle))).toContain('sh ./gradlew');
  });

  it.each([
    [
      'FastAPI',
      { 'requirements.txt': 'fastapi==1\nuvicorn==1\n', 'src/shop/api.py': 'app = FastAPI()\n' },
      {
        requirements: 'requirements.txt',
        start: ['{python}', '-m', 'uvicorn', 'shop.api:app'],
        env: { PYTHONPATH: '{src}/src' },
      },
    ],
    [
      'Flask',
      { 'requirements.txt': 'flask==3\ngunicorn==1\n', 'app.py': 'web = Flask(__name__)\n' },
      { start: ['{python}', '-m', 'gunicorn', '--bind', '127.0.0.1:{port}', 'app:web'] },
    ],
    [
      'Django, whose pages have a package.json',
      {
        'requirements.txt': 'django==5\n',
        'manage.py': '',
        'shop/wsgi.py': '',
        'package.json': '{"devDependencies": {"esbuild": "1"}}',
      },
      { start: ['{python}', 'manage.py', 'runserver', '--noreload', '127.0.0.1:{port}'] },
    ],
  ])('starts %s as its framework is started', async (_, sources, expected) => {
    const folder = projectWith(sources);
    expect((await c1m(['init', '--yes', folder])).code).toBe(0);
    const { start, ...others } = manifestOf(folder) as { start: string[] };
    const { start: words, ...more } = expected;
    expect(start.slice(0, words.length)).toEqual(words);
    expect(others).toMatchObject(more);
  });

  it('takes what starts it, and the path, from flags', async () => {
    const folder = projectWith({ 's.js': node });
    const start = `exec ${process.execPath} s.js > /dev/null`;
    const flags = ['--yes', '--start', start, '--path', '/any'];
    expect((await c1m(['init', ...flags, folder])).code).toBe(0);
    const { code, stdout } = await c1m(['run', folder, '-n', '10', '--json', '-q']);
    expect(code).toBe(0);
    expect(resultSchema.parse(JSON.parse(stdout)).targets[0]!.trials[0]!.load.responses).toBe(10);
    expect(readFileSync(join(folder, 'scenario.yaml'), 'utf8')).toContain("path: '/any'");
  });

  it('overwrites nothing, and says so; with --force it does', async () => {
    const folder = projectWith({
      'package.json': '{"main": "s.js"}',
      's.js': node,
      'target.yaml': 'mine',
    });
    const kept = await c1m(['init', '--yes'], undefined, { cwd: folder });
    expect(kept.stdout).toMatch(/^kept +target\.yaml .*--force/m);
    expect(kept.stdout).toMatch(/^wrote +scenario\.yaml/m);
    expect(readFileSync(join(folder, 'target.yaml'), 'utf8')).toBe('mine');
    const forced = await c1m(['init', '--yes', '--force'], undefined, { cwd: folder });
    expect(forced.stdout).toMatch(/^replaced +target\.yaml/m);
    expect(manifestOf(folder)).toMatchObject({ start: ['{node}', 's.js'] });
  });

  it('puts the workflow at the top of the repository, where GitHub looks for it', async () => {
    const top = projectWith({ 'web/package.json': '{"main": "s.js"}', 'web/s.js': node });
    commit(top);
    const flags = ['--yes', '--action', 'somebody/c1m@v1'];
    expect((await c1m(['init', ...flags, 'web'], undefined, { cwd: top })).code).toBe(0);
    const text = readFileSync(join(top, '.github/workflows/c1m.yml'), 'utf8');
    const { jobs } = parse(text) as { jobs: { gate: { steps: { uses: string }[] } } };
    const { inputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
      inputs: Record<string, unknown>;
    };
    const step = jobs.gate.steps.at(-1) as { uses: string; with?: Record<string, string> };
    expect(step).toEqual({
      uses: 'somebody/c1m@v1',
      with: { target: 'web', scenario: 'web/scenario.yaml', budget: '6m' },
    });
    for (const name of Object.keys(step.with!)) expect(Object.keys(inputs)).toContain(name);
  });

  it('says where a server listens on a port of its own', async () => {
    const fixed = node.replace('process.env.PORT || ', '');
    const folder = projectWith({ 'package.json': '{"main": "s.js"}', 's.js': fixed });
    const { stdout } = await c1m(['init', '--yes', folder]);
    expect(stdout).toContain('s.js listens on port 3000');
  });

  it.each([
    [{}, [], '--start: this folder has no package.json'],
    [{ 'go.mod': 'module a' }, [], '--start: go.mod does not say what starts the server'],
    [{ 'package.json': '{' }, [], 'package.json: is not JSON'],
    [{ 's.js': '' }, ['--start', 'node s.js', '--path', 'x y'], '--path: '],
    [{ 'a/s.js': '' }, ['a/s.js'], 'is no folder'],
  ])('refuses %j', async (sources, flags, message) => {
    const folder = projectWith(sources);
    const { code, stderr } = await c1m(['init', '--yes', ...flags], undefined, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(files.filter((file) => existsSync(join(folder, file)))).toEqual([]);
  });
});

describe('c1m init', () => {
  it('asks for a terminal to ask on, or --yes', async () => {
    const { code, stderr } = await c1m(['init', projectWith(python)]);
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
  });

  const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');

  it.runIf(hasScript)('asks, and takes what is proposed or typed', async () => {
    const folder = projectWith({ 'package.json': '{"main": "s.js"}', 's.js': node });
    const { code, output } = await onTerminal(folder, ['\n', '/health\n', 'n\n']);
    expect(code, output).toBe(0);
    expect(output).toContain('[node s.js]');
    expect(manifestOf(folder)).toMatchObject({
      start: ['{node}', 's.js'],
      ready: { path: '/health' },
    });
    expect(existsSync(join(folder, '.github'))).toBe(false);
  });

  it.runIf(hasScript)('writes nothing after Ctrl-C, and exits with 130', async () => {
    const folder = projectWith({ 'package.json': '{"main": "s.js"}', 's.js': node });
    const { code, output } = await onTerminal(folder, ['\n', '\x03']);
    expect(code, output).toBe(130);
    expect(existsSync(join(folder, 'target.yaml'))).toBe(false);
  });
});

/** Answers each question as it is asked. */
function onTerminal(
  cwd: string,
  answers: string[],
): Promise<{ code: number | null; output: string }> {
  const command = `'${process.execPath}' '${join(root, 'bin/c1m.js')}' init`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd });
  let output = '';
  let asked = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const questions = output.split(/\] (?=[^\n]*$)|\? \[[^\]]*\] /).length - 1;
    if (questions > asked && answers.length > 0) {
      asked = questions;
      child.stdin.write(answers.shift()!);
    }
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
