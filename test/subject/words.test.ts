import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigError, Problem } from '../../src/basis/problem.js';
import { openScenario } from '../../src/config/scenario-catalog.js';
import { readPrograms, readSubject, readTargets, urlSubject } from '../../src/subject/words.js';
import { targetFolder } from '../fixtures/target-folder.js';

const own = targetFolder('my-server', '');

async function problemsOf(reading: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  return (error as ConfigError).problems;
}

describe('a word', () => {
  it.each([
    'http://127.0.0.1:8080/x',
    'https://example.com',
    ':8080',
    'localhost:8080/x',
    'localhost',
    '127.0.0.1',
    'example.com/path',
  ])('such as %s is a URL', async (word) => {
    const subject = await readSubject([word], [], null);
    expect(subject).toMatchObject({ kind: 'urls', pid: null, urls: [{}] });
  });

  it('with several ports is as many URLs, under its own name', async () => {
    const subject = await readSubject(['http://u:p@127.0.0.1:9100-9102/'], [], null);
    expect(subject).toMatchObject({ kind: 'urls', urls: [{}, {}, {}] });
    expect(subject.name).toContain('127.0.0.1:9100-9102/');
    expect(subject.name).not.toContain('u:p');
  });

  it('that is in the catalogue is that target', async () => {
    const subject = await readSubject(['node-http'], [], null);
    expect(subject).toMatchObject({ kind: 'target', target: { manifest: { name: 'node-http' } } });
    const further = await readSubject(['my-server'], [own], null);
    expect(further).toMatchObject({ kind: 'target', target: { folder: own } });
  });

  it('that looks like a path is the target of that folder', async () => {
    const subject = await readSubject([own], [], null);
    expect(subject).toMatchObject({ kind: 'target', target: { manifest: { name: 'my-server' } } });
  });

  it('for a folder without a target is refused by its name', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'c1m-'));
    mkdirSync(join(empty, 'sub'));
    const [problem] = await problemsOf(readSubject([empty], [], null));
    expect(problem).toMatchObject({ where: empty });
    expect(problem!.message).toContain('there is no target.yaml');
  });

  it('that is neither a target nor a host is refused, with what was meant', async () => {
    expect(await problemsOf(readSubject(['node-htpp'], [], null))).toMatchObject([
      {
        where: 'node-htpp',
        message: 'is neither a target nor a host that is known here',
        remedy: expect.stringContaining('Did you mean node-http?') as string,
      },
    ]);
  });

  it('for a program is refused, with how programs are measured', async () => {
    const [problem] = await problemsOf(readSubject(['wakeup-go'], [], null));
    expect(problem).toMatchObject({ where: 'wakeup-go', message: 'is a program, not a server' });
  });
});

describe('several words', () => {
  it('are URLs', async () => {
    const subject = await readSubject([':8080', ':8081/x'], [], 42);
    expect(subject).toMatchObject({ kind: 'urls', pid: 42, name: ':8080 :8081/x', urls: [{}, {}] });
  });

  it('have all that are no URLs named at once', async () => {
    const problems = await problemsOf(readSubject(['ftp://x', 'gopher://y', ':80'], [], null));
    expect(problems).toHaveLength(2);
  });

  it('hold no target: a comparison takes several', async () => {
    expect(await problemsOf(readSubject(['node-http', own, ':8080'], [], null))).toMatchObject([
      { where: 'node-http', remedy: expect.stringContaining('c1m compare') as string },
      { where: own },
    ]);
  });
});

it('a pid is for a server that runs already', async () => {
  expect(await problemsOf(readSubject(['node-http'], [], 42))).toMatchObject([
    { where: '--pid', message: expect.stringContaining('node-http is started') as string },
  ]);
});

it('targets and programs are each their own kind of subject', async () => {
  const targets = await readTargets(['node'], [], await openScenario('smoke'));
  expect(targets.map(({ kind }) => kind)).toContain('target');
  expect(targets.map(({ name }) => name)).toContain('node-http');
  const [program] = await readPrograms(['wakeup-node'], []);
  expect(program).toMatchObject({ kind: 'program', name: 'wakeup-node' });
});

it('a URL keeps no password in its name', () => {
  expect(urlSubject(['http://ada:pw@127.0.0.1/'], null).name).not.toContain('pw');
});
