import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../basis/problem.js';
import { parsePath } from '../config/request-syntax.js';
import { FlagReader } from '../config/flag-reader.js';
import type { Project } from '../init/project.js';
import { projectFiles, recognise, unknownProject } from '../init/recognise.js';
import { ownAction, repositoryOf, unknownAction, type Repository } from '../init/repository.js';
import { spoken, startWords } from '../init/start-command.js';
import { scenarioText, targetText, workflowText, type Settled } from '../init/texts.js';
import { writeOnce } from '../init/write.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { done, type Outcome } from './outcome.js';
import { Questions } from './questions.js';

export interface InitFlags {
  readonly yes?: boolean;
  readonly start?: string;
  readonly path?: string;
  readonly action?: string;
  readonly force?: boolean;
}

interface Choices {
  readonly start: string | null;
  readonly path: string;
  readonly workflow: boolean;
}

export async function initAction(
  folder: string,
  flags: InitFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const remedy = 'Name the folder of your project';
    throw new ConfigError([{ where: folder, message: 'is no folder', remedy }]);
  }
  const project = (await recognise(folder)) ?? unknownProject(folder);
  const choices = await choose(project, flags, signal);
  if (choices === null) {
    process.stderr.write('Nothing was written.\n');
    return done(exitCodes.interrupted);
  }
  const settled = settle(project, choices);
  const repository = await repositoryOf(folder);
  const action = flags.action ?? (await ownAction());
  await write(folder, settled, repository, action, choices.workflow, flags.force === true);
  advise(settled.project, choices.workflow ? action : null);
  sayWhatIsNext(folder, repository);
  return done();
}

/** null: the questions were broken off. */
async function choose(
  project: Project,
  flags: InitFlags,
  signal: AbortSignal,
): Promise<Choices | null> {
  const start = flags.start ?? (project.start === null ? null : spoken(project.start));
  const given = { start, path: flags.path ?? '/', workflow: true };
  if (flags.yes === true) return given;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const message = 'there is no terminal to ask on';
    const remedy = 'Give --yes, which takes what the project’s files say';
    throw new ConfigError([{ where: 'c1m init', message, remedy }]);
  }
  if (project.file !== '') process.stdout.write(`${title(project)}\n`);
  const questions = new Questions(signal);
  try {
    return {
      start: await questions.ask('What starts the server (on PORT, or {port})?', given.start),
      path: await questions.ask('What is to be asked for, and answers 200?', given.path),
      workflow: await questions.confirm('Write a workflow that gates pull requests on GitHub?'),
    };
  } catch (error) {
    if ((error as Error).name === 'AbortError') return null;
    throw error;
  } finally {
    questions.close();
  }
}

const languages = { go: 'Go', java: 'Java', python: 'Python', node: 'Node', none: '' };

function title({ file, runtime }: Project): string {
  return `${color.bold(file)}: a project in ${languages[runtime.name]}`;
}

function settle(project: Project, { start, path: asked }: Choices): Settled {
  const flag = new FlagReader();
  const parsed = flag.read('--path', asked, parsePath);
  const guessed = project.start === null ? null : spoken(project.start);
  const words =
    start === null ? null : start === guessed ? project.start : startWords(start, project);
  if (words === null) {
    const message =
      project.file === ''
        ? `this folder has no ${projectFiles}`
        : `${project.file} does not say what starts the server`;
    const remedy = 'Say what does, such as --start ’bin/serve --port {port}’';
    flag.accept('--start', { ok: false, message, remedy: remedy.replaceAll('’', "'") });
  }
  flag.end();
  return { project: { ...project, start: words! }, path: parsed! };
}

async function write(
  folder: string,
  settled: Settled,
  repository: Repository | null,
  action: string,
  workflow: boolean,
  force: boolean,
): Promise<void> {
  const { project } = settled;
  const top = repository?.top ?? path.resolve(folder);
  // From the top, where GitHub looks for workflows.
  const below = path.relative(top, path.resolve(folder)).replaceAll(path.sep, '/');
  const place = {
    action,
    folder: below === '' ? '.' : below,
    scenario: path.posix.join(below, scenarioFile),
  };
  const files = [
    [path.join(folder, 'target.yaml'), targetText(settled), `starts ${spoken(project.start)}`],
    [path.join(folder, scenarioFile), scenarioText(settled), `asks for ${settled.path}`],
    ...(workflow
      ? [[path.join(top, workflowFile), workflowText(settled, place), 'gates pull requests']]
      : []),
  ] as [string, string, string][];
  for (const [file, text, what] of files) {
    const written = await writeOnce(file, text, force);
    const note = written === 'kept' ? 'was there already; --force replaces it' : what;
    const shown = path.relative('', file);
    process.stdout.write(`${written.padEnd(8)} ${shown.padEnd(26)} ${color.dim(note)}\n`);
  }
}

const scenarioFile = 'scenario.yaml';
const workflowFile = path.join('.github', 'workflows', 'c1m.yml');

/** What has to be seen to by hand before it can work. */
function advise(project: Project, action: string | null): void {
  const { listens, start } = project;
  const told = start?.some((word) => word.includes('{port}')) === true;
  const advice = [...project.notes];
  if (!told && listens.kind === 'fixed') {
    advice.unshift(
      `${listens.file} listens on port ${listens.port}: let it listen on the one in PORT, where c1m starts it`,
    );
  }
  if (!told && listens.kind === 'unknown') {
    advice.unshift('its sources do not name PORT: it must listen on the port that it finds there');
  }
  if (action === unknownAction) {
    advice.push(
      `in ${workflowFile}, write the repository of c1m in place of ${unknownAction} (or give --action)`,
    );
  }
  for (const line of advice) process.stdout.write(`${color.yellow('!')} ${line}\n`);
}

function sayWhatIsNext(folder: string, repository: Repository | null): void {
  const c1m = process.env['npm_command'] === 'exec' ? 'npx c1m' : 'c1m';
  const relative = path.relative('', folder).replaceAll(path.sep, '/');
  const target = relative === '' ? '.' : relative.startsWith('..') ? relative : `./${relative}`;
  const scenario = path.posix.join(relative, scenarioFile);
  const gate = `${c1m} gate --base HEAD --budget 6m --scenario ${scenario} -- ${target}`;
  const commit = "git add -A && git commit -m 'Add c1m'";
  const steps = [
    [`${c1m} run --scenario ${scenario} ${target}`, 'starts it, loads it and shows its latency'],
    repository?.hasCommit === true
      ? [gate, 'your working tree against the last commit, in one to six minutes']
      : [
          `${repository === null ? 'git init && ' : ''}${commit} && ${gate}`,
          'your working tree against that commit',
        ],
  ] as const;
  process.stdout.write('\nNext:\n');
  for (const [command, what] of steps) {
    process.stdout.write(`  ${command}\n    ${color.dim(what)}\n`);
  }
}
