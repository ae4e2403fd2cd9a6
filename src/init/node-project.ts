import path from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../basis/problem.js';
import { copyStep, manifestName, type Project } from './project.js';
import { hasFile, listening, sourceFiles, textOf } from './source-files.js';

const file = 'package.json';

/** What of a package.json says how it is built and started; all else is left alone. */
const packageSchema = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  engines: z.object({ node: z.string().optional() }).default({}),
});
type Package = z.output<typeof packageSchema>;

const usualEntries = ['server.js', 'server.mjs', 'index.js', 'index.mjs', 'app.js', 'main.js'];

export async function nodeProject(folder: string): Promise<Project | null> {
  const text = await textOf(folder, file);
  if (text === null) return null;
  const manifest = readPackage(text);
  const { start, env, viaNpm } = await startOf(folder, manifest);
  const building = manifest.scripts['build'] !== undefined;
  const copied = building || Object.keys(manifest.dependencies).length > 0;
  const minVersion = /^\s*(?:>=|\^|~)?\s*v?(\d+(?:\.\d+)*)/.exec(manifest.engines.node ?? '')?.[1];
  return {
    file,
    name: manifestName(manifest.name?.replace(/^@[^/]*\//, '') ?? path.basename(folder)),
    runtime: { name: 'node', ...(minVersion === undefined ? {} : { minVersion }) },
    build: copied ? [copyStep(), ...(await installSteps(folder, building))] : [],
    start,
    runsIn: copied ? 'build' : 'source',
    env,
    listens: listening(await sourceFiles(folder, ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'])),
    notes: viaNpm
      ? ['npm’s own process is measured too: name the command behind `npm start` to leave it out']
      : [],
  };
}

function readPackage(text: string): Package {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `is not JSON: ${(error as Error).message}`;
    throw new ConfigError([{ where: file, message, remedy: 'Mend it, or give --start' }]);
  }
  const read = packageSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const message = `${issue!.path.join('.')}: ${issue!.message}`;
  throw new ConfigError([{ where: file, message, remedy: 'Mend it, as npm would refuse it too' }]);
}

interface Start {
  readonly start: readonly string[] | null;
  readonly env: Readonly<Record<string, string>>;
  readonly viaNpm: boolean;
}

/** Its start script, `main`, `bin`, or a file with a usual name. */
async function startOf(folder: string, { scripts, main, bin }: Package): Promise<Start> {
  const script = scripts['start'];
  if (script !== undefined) {
    const plain = plainNodeCommand(script);
    return plain ?? { start: ['npm', 'start'], env: {}, viaNpm: true };
  }
  const named = [main, typeof bin === 'string' ? bin : Object.values(bin ?? {})[0]];
  const candidates = [...named.filter((entry) => entry !== undefined), ...usualEntries];
  for (const entry of candidates) {
    if (scripts['build'] === undefined && !(await hasFile(folder, entry))) continue;
    return { start: ['{node}', entry], env: {}, viaNpm: false };
  }
  return { start: null, env: {}, viaNpm: false };
}

/** `NAME=value node server.js`, which needs neither npm nor a shell. */
function plainNodeCommand(script: string): Start | null {
  if (/[^\w\s./:=@,-]/.test(script)) return null;
  const words = script.trim().split(/\s+/);
  const command = words.findIndex((word) => !/^\w+=/.test(word));
  if (words[command] !== 'node') return null;
  const env = Object.fromEntries(words.slice(0, command).map((word) => splitOnce(word)));
  return { start: ['{node}', ...words.slice(command + 1)], env, viaNpm: false };
}

function splitOnce(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

/** With the package manager whose lock file there is. A build needs what is there for development. */
async function installSteps(folder: string, building: boolean): Promise<string[][]> {
  const inBuild = (words: string): string[] => ['sh', '-c', `cd "$0" && ${words}`, '{build}'];
  const dev = building ? '' : ' --omit=dev';
  const [manager, install] = (await hasFile(folder, 'pnpm-lock.yaml'))
    ? ['pnpm', 'pnpm install --frozen-lockfile']
    : (await hasFile(folder, 'yarn.lock'))
      ? ['yarn', 'yarn install --frozen-lockfile']
      : (await hasFile(folder, 'package-lock.json'))
        ? ['npm', `npm ci --no-audit --no-fund${dev}`]
        : ['npm', `npm install --no-audit --no-fund${dev}`];
  return [inBuild(install), ...(building ? [inBuild(`${manager} run build`)] : [])];
}
