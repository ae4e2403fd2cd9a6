import path from 'node:path';
import { asTold, manifestName, type Project } from './project.js';
import { hasFile, listening, sourceFiles, textOf, type SourceFile } from './source-files.js';

const requirementsFile = 'requirements.txt';

/** Installs what pyproject.toml lists, and not the project itself, which need not be a package. */
const installScript = [
  'import subprocess, sys, tomllib',
  "wanted = tomllib.load(open('pyproject.toml', 'rb'))['project'].get('dependencies', [])",
  "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', *wanted])",
].join('; ');

/** How the server of a Python project is started. */
interface Start {
  readonly words: readonly string[];
  /** Its port is in the words, or the environment that it is known to read. */
  readonly toldPort: boolean;
  /** The file that holds it. */
  readonly file: string;
  readonly notes: readonly string[];
}

export async function pythonProject(folder: string): Promise<Project | null> {
  const pyproject = await textOf(folder, 'pyproject.toml');
  const requirements = await textOf(folder, requirementsFile);
  if (pyproject === null && requirements === null) return null;
  const files = await sourceFiles(folder, ['.py']);
  const start = await startOf(folder, files, `${requirements ?? ''}\n${pyproject ?? ''}`);
  const listed = /^\s*[^#\s]/m.test(requirements ?? '');
  const depends = /^dependencies\s*=\s*\[\s*["']/m.test(pyproject ?? '');
  const inVenv = !listed && depends;
  const stated = /^requires-python\s*=\s*["'].*?(\d+(?:\.\d+)*)/m.exec(pyproject ?? '')?.[1];
  const minVersion = inVenv ? '3.11' : stated;
  const python = inVenv ? '{build}/venv/bin/python' : '{python}';
  const name = /^name\s*=\s*["']([^"']+)/m.exec(pyproject ?? '')?.[1] ?? path.basename(folder);
  return {
    file:
      requirements === null || (pyproject !== null && !listed)
        ? 'pyproject.toml'
        : requirementsFile,
    name: manifestName(name),
    runtime: { name: 'python', ...(minVersion === undefined ? {} : { minVersion }) },
    build: inVenv
      ? [
          ['{python}', '-m', 'venv', '{build}/venv'],
          [python, '-c', installScript],
        ]
      : [],
    ...(listed ? { requirements: requirementsFile } : {}),
    start: start === null ? null : [python, ...start.words],
    runsIn: 'source',
    env: start?.file.startsWith('src/') === true ? { PYTHONPATH: '{src}/src' } : {},
    listens: start?.toldPort === true ? asTold : listening(files),
    notes: [
      ...(start?.notes ?? []),
      ...(pyproject !== null && !listed && pyproject.includes('[tool.poetry.dependencies]')
        ? ['Poetry’s own list of dependencies is not read: export it to requirements.txt']
        : []),
    ],
  };
}

const asgi = /^(\w+)\s*(?::[^=]+)?=\s*(?:\w+\.)?(?:FastAPI|Starlette|Litestar|Quart)\(/m;
const flask = /^(\w+)\s*(?::[^=]+)?=\s*(?:\w+\.)?Flask\(/m;
const usualEntries = ['main.py', 'app.py', 'server.py'];

/** With the server that its dependencies name, where it is a framework's application. */
async function startOf(
  folder: string,
  files: readonly SourceFile[],
  dependencies: string,
): Promise<Start | null> {
  const gunicorn = /\bgunicorn\b/i.test(dependencies);
  if (await hasFile(folder, 'manage.py')) {
    const wsgi = files.find(({ file }) => file.endsWith('/wsgi.py'));
    const words =
      gunicorn && wsgi !== undefined
        ? ['-m', 'gunicorn', '--bind', '127.0.0.1:{port}', moduleOf(wsgi.file)]
        : ['manage.py', 'runserver', '--noreload', '127.0.0.1:{port}'];
    return { words, toldPort: true, file: 'manage.py', notes: gunicorn ? [] : [development] };
  }
  for (const { file, text } of files) {
    const application = asgi.exec(text)?.[1];
    if (application === undefined) continue;
    const place = `${moduleOf(file)}:${application}`;
    const known = /\buvicorn\b|fastapi\[(standard|all)\]/i.test(dependencies);
    const words = ['-m', 'uvicorn', place, '--host', '127.0.0.1', '--port', '{port}'];
    const flags = ['--log-level', 'warning'];
    const notes = known ? [] : ['uvicorn, which starts it, is not among its dependencies'];
    return { words: [...words, ...flags], toldPort: true, file, notes };
  }
  for (const { file, text } of files) {
    const application = flask.exec(text)?.[1];
    if (application === undefined) continue;
    const place = `${moduleOf(file)}:${application}`;
    const words = gunicorn
      ? ['-m', 'gunicorn', '--bind', '127.0.0.1:{port}', place]
      : ['-m', 'flask', '--app', place, 'run', '--port', '{port}'];
    return { words, toldPort: true, file, notes: gunicorn ? [] : [development] };
  }
  const program =
    usualEntries.find((entry) => files.some(({ file }) => file === entry)) ??
    usualEntries.map((entry) => `src/${entry}`).find((e) => files.some(({ file }) => file === e));
  if (program !== undefined) return { words: [program], toldPort: false, file: program, notes: [] };
  const main = files.find(({ file }) => file.endsWith('/__main__.py'));
  if (main === undefined) return null;
  const words = ['-m', moduleOf(path.posix.dirname(main.file))];
  return { words, toldPort: false, file: main.file, notes: [] };
}

const development =
  'this is the framework’s server for development: add gunicorn to measure what is deployed';

/** `src/shop/main.py` is `shop.main`: src is put on the path. */
function moduleOf(file: string): string {
  return file
    .replace(/^src\//, '')
    .replace(/\.py$/, '')
    .replaceAll('/', '.');
}
