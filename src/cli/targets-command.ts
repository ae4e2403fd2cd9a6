import chalk from 'chalk';
import { Command } from 'commander';
import { buildTarget, type BuiltTarget } from '../targets/build.js';
import { loadCatalog, selectTargets, type Target } from '../targets/catalog.js';
import { checkContract } from '../targets/contract.js';
import { launch } from '../targets/launch.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';
import { exitCodes } from './exit-codes.js';

interface Folders {
  readonly targets?: string[];
}

const examples = `
Examples:
  c1m targets list
  c1m targets build go
  c1m targets start node-http --port 8080
  c1m targets check my-server --targets ./servers`;

export function targetsCommand(signal: AbortSignal): Command {
  const command = new Command('targets')
    .description('list, build, start and check the servers that c1m knows')
    .addHelpText('after', examples);
  const withFolders = (name: string): Command =>
    command.command(name).option('--targets <dir...>', 'folders with further targets');

  withFolders('list')
    .description('what there is, and what is missing')
    .action(async ({ targets }: Folders) => list(await loadCatalog(targets)));
  withFolders('build')
    .argument('[names...]', 'targets or runtimes; all without it')
    .description('build them, into the cache')
    .action(async (names: string[], { targets }: Folders) => {
      for (const target of selectTargets(await loadCatalog(targets), names)) {
        const { target: built, fromCache } = await build(target, signal);
        const how = fromCache ? 'was built already' : 'is built';
        process.stdout.write(`${built.manifest.name} ${how}\n`);
      }
    });
  withFolders('start')
    .argument('<name>')
    .option('--port <port>', 'where it listens (default: a free port)')
    .description('run one until Ctrl-C')
    .action(async (name: string, { targets, port }: Folders & { port?: string }) => {
      await start(await pick(name, targets), port, signal);
    });
  withFolders('check')
    .argument('<name>')
    .description('check that it answers as the contract says')
    .action(async (name: string, { targets }: Folders) => {
      await check(await pick(name, targets), signal);
    });
  return command;
}

async function pick(name: string, folders: string[] | undefined): Promise<Target> {
  return selectTargets(await loadCatalog(folders), [name])[0]!;
}

async function build(target: Target, signal: AbortSignal): Promise<BuiltTarget> {
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
  return buildTarget(target, { toolchain, signal });
}

async function list(catalog: readonly Target[]): Promise<void> {
  const toolchains = new Toolchains();
  const width = Math.max(...catalog.map(({ manifest }) => manifest.name.length));
  for (const { manifest } of catalog) {
    const toolchain = await toolchains.find(manifest.runtime);
    process.stdout.write(`${chalk.bold(manifest.name.padEnd(width))}  ${manifest.description}\n`);
    const state = toolchain.found
      ? chalk.dim(`${manifest.runtime.name} ${toolchain.version}`)
      : chalk.yellow(`${toolchain.reason}. ${toolchain.remedy}`);
    process.stdout.write(`${' '.repeat(width)}  ${state}\n`);
  }
}

async function start(target: Target, port: string | undefined, signal: AbortSignal): Promise<void> {
  const built = await build(target, signal);
  const where = port === undefined ? {} : { port: Number(port) };
  const running = await launch(built, { ...where, signal });
  process.stdout.write(`${target.manifest.name} answers at ${running.urls[0]!} (Ctrl-C ends it)\n`);
  const stopped = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const exit = await Promise.race([running.exited, stopped]);
  await running.stop();
  if (exit === null) return;
  throw new TargetError(
    'exited-early',
    `${target.manifest.name} ended by itself\n${running.output()}`,
  );
}

async function check(target: Target, signal: AbortSignal): Promise<void> {
  const checks = await checkContract(await build(target, signal), {
    signal,
    onCheck: ({ check, ok, detail }) => {
      const mark = ok ? chalk.green('✓') : chalk.red('✗');
      process.stdout.write(`${mark} ${check}${ok ? '' : `\n    ${detail}`}\n`);
    },
  });
  const broken = checks.filter(({ ok }) => !ok).length;
  process.stdout.write(`${checks.length - broken} of ${checks.length} hold\n`);
  if (broken > 0) process.exitCode = exitCodes.failure;
}
