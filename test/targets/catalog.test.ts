import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { ConfigError } from '../../src/basis/problem.js';
import { loadCatalog, referenceFolder, selectTargets } from '../../src/targets/catalog.js';
import { temporaryFolder, writeFiles } from './fixtures.js';

function manifest(name: string, runtime = 'node'): string {
  return `name: ${name}\ndescription: a test\nruntime: { name: ${runtime} }\nstart: [run]\n`;
}

async function catalogOf(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return { folder, load: () => loadCatalog([], folder) };
}

async function problemsOf(loading: Promise<unknown>): Promise<string[]> {
  const error: unknown = await loading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems.map(
    ({ where, message, remedy }) => `${where.replace(/^.*\//, '')} ${message} | ${remedy}`,
  );
}

describe('loadCatalog', () => {
  it('finds the reference targets of the package', async () => {
    const targets = await loadCatalog();
    expect(targets.length).toBeGreaterThan(0);
    for (const { folder } of targets) expect(path.dirname(folder)).toBe(referenceFolder);
  });

  it('adds a folder that is a target and a folder of targets', async () => {
    const { folder: single } = await catalogOf({ 'target.yaml': manifest('single') });
    const { folder: several } = await catalogOf({
      'a/target.yaml': manifest('mine-a'),
      'b/target.yaml': manifest('mine-b'),
      'notes/readme.txt': 'no target',
    });
    const names = (await loadCatalog([single, several])).map((target) => target.manifest.name);
    expect(names).toEqual(expect.arrayContaining(['single', 'mine-a', 'mine-b']));
  });

  it('takes a folder that is named twice once', async () => {
    const before = await loadCatalog();
    expect(await loadCatalog([referenceFolder])).toHaveLength(before.length);
  });

  it('tells every problem of every file at once, each with its line and a remedy', async () => {
    const { load } = await catalogOf({
      'a/target.yaml': [
        'name: Bad_Name',
        'descripton: misspelt',
        'runtime:',
        '  name: pyhton',
        '  minVersion: 3.10',
        "build: [['{javac}', x]]",
        'start:',
        '  - run',
        "  - '{prot}'",
        'ready: { path: health }',
        'serves: [plaintext, jsn]',
      ].join('\n'),
      'b/target.yaml': manifest('fine').replace('start: [run]', 'start: run'),
    });
    expect(await problemsOf(load())).toMatchInlineSnapshot(`
      [
        "target.yaml:1:7 name: "Bad_Name" is not what may stand here | Write it as in name: go-bare (lower-case letters, digits and dashes).",
        "target.yaml:1:1 description: is missing | Add description: net/http with its defaults.",
        "target.yaml:2:1 there is no key "descripton" | Did you mean description?",
        "target.yaml:4:9 runtime.name: "pyhton" is not one of the choices | Did you mean python?",
        "target.yaml:5:15 runtime.minVersion: 3.1 is not a text | Quote it, so that YAML reads it as a text (3.10 would become 3.1).",
        "target.yaml:10:16 ready.path: "health" is not what may stand here | Write it as in ready: {path: /health, timeoutSeconds: 30}.",
        "target.yaml:11:21 serves[1]: "jsn" is not one of the choices | Did you mean json?",
        "target.yaml:4:8 start: "run" is not a list | Write it as in start: ['{build}/server'] (a list: the command and its arguments).",
      ]
    `);
  });

  it('names placeholders that the runtime does not have, and those that are empty', async () => {
    const { load } = await catalogOf({
      'a/target.yaml': manifest('mine', 'go').replace(
        '[run]',
        `\n  - '{build}/run'\n  - '{java}'\n  - '{venv}'\n  - '{"json": {}}'`,
      ),
    });
    expect(await problemsOf(load())).toMatchInlineSnapshot(`
      [
        "target.yaml:5:5 start[0]: {build} is empty, as nothing is built | List commands under build, or use {src}, the folder of this file.",
        "target.yaml:6:5 start[1]: there is no placeholder {java} for the runtime go | Write one of {src}, {build}, {port}, {go}.",
        "target.yaml:7:5 start[2]: there is no placeholder {venv} for the runtime go | Write one of {src}, {build}, {port}, {go}.",
      ]
    `);
  });

  it('says where a file is no YAML', async () => {
    const { load } = await catalogOf({ 'a/target.yaml': 'name: a\nstart: [run\nenv: {}\n' });
    expect((await problemsOf(load()))[0]).toMatch(/^target\.yaml:3:\d+ this is not YAML/);
  });

  it('says that an empty file is no manifest', async () => {
    const { load } = await catalogOf({ 'a/target.yaml': '' });
    expect(await problemsOf(load())).toEqual([
      'target.yaml:1:1 this is not a manifest | It needs name, description, runtime and start; see the reference targets.',
    ]);
  });

  it('refuses two targets of one name', async () => {
    const { load } = await catalogOf({
      'a/target.yaml': manifest('same'),
      'b/target.yaml': manifest('same'),
    });
    const [problem] = await problemsOf(load());
    expect(problem).toMatch(/^target\.yaml:1:7 name: .*a has the name same already \| Give one/);
  });

  it('says that a folder has no targets, or is not there', async () => {
    const empty = await temporaryFolder();
    const problems = await problemsOf(loadCatalog([empty, '/no/such/folder']));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('there is no target.yaml, neither in it nor in a folder of it');
  });
});

describe('selectTargets', () => {
  async function catalog() {
    const { load } = await catalogOf({
      'a/target.yaml': manifest('go-bare', 'go'),
      'b/target.yaml': manifest('go-nethttp', 'go'),
      'c/target.yaml': manifest('node-http'),
    });
    return load();
  }
  const names = (targets: Awaited<ReturnType<typeof catalog>>) =>
    targets.map((target) => target.manifest.name);

  it('takes all when nothing is asked for', async () => {
    expect(selectTargets(await catalog())).toHaveLength(3);
  });

  it('takes names and runtimes, each target once, in the order asked for', async () => {
    const selected = selectTargets(await catalog(), ['node-http', 'go-nethttp', 'go']);
    expect(names(selected)).toEqual(['node-http', 'go-nethttp', 'go-bare']);
  });

  it('suggests the nearest name for each unknown one and lists what there is', async () => {
    const targets = await catalog();
    expect(() => selectTargets(targets, ['go-bear', 'rust'])).toThrow(
      [
        'go-bear: there is no such target',
        '  Did you mean go-bare? Targets: go-bare, go-nethttp, node-http; by runtime: go, node.',
        'rust: there is no such target',
        '  Targets: go-bare, go-nethttp, node-http; by runtime: go, node.',
      ].join('\n'),
    );
  });

  it('takes programs for servers nowhere, and says what each is', async () => {
    const { load } = await catalogOf({
      'a/target.yaml': manifest('server-a'),
      'b/target.yaml': `${manifest('program-b')}role: program\n`,
    });
    const targets = await load();
    const names = (...asked: Parameters<typeof selectTargets>) =>
      selectTargets(...asked).map((target) => target.manifest.name);
    expect(names(targets)).toEqual(['server-a']);
    expect(names(targets, ['node'])).toEqual(['server-a']);
    expect(names(targets, [], 'program')).toEqual(['program-b']);
    expect(names(targets, ['node'], 'program')).toEqual(['program-b']);
    expect(names(targets, [], null)).toEqual(['server-a', 'program-b']);
    expect(() => selectTargets(targets, ['program-b'])).toThrow(
      /is a program.*c1m wakeup program-b/s,
    );
    expect(() => selectTargets(targets, ['server-a'], 'program')).toThrow(/is a server/);
  });
});
