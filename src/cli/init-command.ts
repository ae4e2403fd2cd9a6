import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { InitFlags } from './init-action.js';

const examples = `
Examples:
  c1m init                                 asks how the server starts, and writes the files
  c1m init --yes                           without questions
  c1m init --yes --path /health ./server
  c1m init --yes --start 'bin/serve --port {port}'`;

export function initCommand(invocation: Invocation): Command {
  return new Command('init')
    .summary('write what c1m needs to load and gate the server of a project')
    .description(
      'Recognises a project by its package.json, go.mod, pom.xml, build.gradle, pyproject.toml or\n' +
        'requirements.txt, and writes target.yaml (how its server is built and started), scenario.yaml\n' +
        '(the load) and .github/workflows/c1m.yml (the gate of pull requests). Nothing is overwritten.',
    )
    .argument('[folder]', 'of the project (default: .)')
    .option('-y, --yes', 'ask nothing, take what the project’s files say')
    .option('--start <command>', 'what starts the server, on the port in PORT or {port}')
    .option('--path <path>', 'what is asked for, and answers 200 (default: /)')
    .option('--action <repository@ref>', 'c1m’s action in the workflow, such as owner/c1m@v0')
    .option('--force', 'replace files that are there already')
    .addHelpText('after', examples)
    .action(async (folder: string | undefined, flags: InitFlags) => {
      const { initAction } = await import('./init-action.js');
      invocation.ended(await initAction(folder ?? '.', flags, invocation.heed()));
    });
}
