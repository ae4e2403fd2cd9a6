import path from 'node:path';
import { manifestName, type Project } from './project.js';
import { listening, sourceFiles, textOf } from './source-files.js';

const file = 'go.mod';

export async function goProject(folder: string): Promise<Project | null> {
  const text = await textOf(folder, file);
  if (text === null) return null;
  const module = /^module\s+(\S+)/m.exec(text)?.[1] ?? path.basename(folder);
  const minVersion = /^go\s+(\d+(?:\.\d+)*)/m.exec(text)?.[1];
  const name = manifestName(path.posix.basename(module.replace(/\/v\d+$/, '')));
  const sources = (await sourceFiles(folder, ['.go'])).filter(
    ({ file: source }) => !source.endsWith('_test.go'),
  );
  const mains = [
    ...new Set(
      sources
        .filter(({ text: source }) => /^package main\b/m.test(source))
        .map(({ file: source }) => path.posix.dirname(source)),
    ),
  ];
  const main = mains.includes('.') ? '.' : (likely(mains, name) ?? mains[0]);
  const others = mains.filter((each) => each !== main);
  return {
    file,
    name,
    runtime: { name: 'go', ...(minVersion === undefined ? {} : { minVersion }) },
    build:
      main === undefined
        ? []
        : [['{go}', 'build', '-o', '{build}/server', main === '.' ? '.' : `./${main}`]],
    start: main === undefined ? null : ['{build}/server'],
    runsIn: 'source',
    env: {},
    ...(main === undefined ? {} : { artifact: '{build}/server' }),
    listens: listening(sources),
    notes:
      main === undefined || others.length === 0
        ? []
        : [
            `it is ./${main} that is built; there is also ${others.map((o) => `./${o}`).join(', ')}`,
          ],
  };
}

/** Of several programs, the one that sounds like a server. */
function likely(mains: readonly string[], name: string): string | undefined {
  return mains.find((main) =>
    [name, 'server', 'api', 'web', 'httpd'].includes(path.posix.basename(main)),
  );
}
