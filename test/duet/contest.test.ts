import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openContest } from '../../src/duet/contest.js';

const manifest = `name: mine
description: a server of mine
runtime: { name: node }
start: ['{node}', server.cjs]
ready: { path: / }
`;

it('two refs from before c1m init are lent the target.yaml of the working tree', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const git = (...words: string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words]);
  };
  git('init', '-q');
  for (const version of ['v1', 'v2']) {
    writeFileSync(join(folder, 'server.cjs'), `// ${version}`);
    git('add', '.');
    git('commit', '-qm', version);
    git('tag', version);
  }
  writeFileSync(join(folder, 'target.yaml'), manifest);
  const refs = { kind: 'refs', base: 'v1', head: 'v2', folder } as const;
  const contest = await openContest(refs, new AbortController().signal);
  contest.end();
  const lent = /^v[12] \(\w{12}\), with the target\.yaml of the working tree$/;
  expect(contest.contenders.base.label).toMatch(lent);
  expect(contest.contenders.head.label).toMatch(lent);
});
