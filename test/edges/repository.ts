import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from './started.js';

const server = `
require('node:http')
  .createServer((_request, response) => response.end('Hello, World!'))
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());
`;

const manifest = [
  'name: mine',
  'description: a server of mine',
  'runtime: { name: node }',
  "start: ['{node}', server.cjs]",
  'ready: { path: / }',
];

interface Repository {
  readonly folder: string;
  readonly git: (...words: string[]) => string;
  /** A line for each, the repository's own among them. */
  readonly workTrees: () => string[];
  /** Lets each check-out last. */
  readonly checkOutSlowly: () => void;
}

/** A git repository with a server, of which there is one commit. */
export function repository(...more: string[]): Repository {
  const folder = ownFolder();
  writeFileSync(join(folder, 'server.cjs'), server);
  writeFileSync(join(folder, 'target.yaml'), [...manifest, ...more].join('\n'));
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' }).trim();
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
  return {
    folder,
    git,
    workTrees: () => git('worktree', 'list').split('\n'),
    checkOutSlowly: () => {
      const hook = join(folder, '.git/hooks/post-checkout');
      writeFileSync(hook, '#!/bin/sh\nsleep 30\n');
      chmodSync(hook, 0o755);
    },
  };
}
