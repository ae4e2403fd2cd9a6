import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { Folders, StartFlags } from './targets-actions.js';

const examples = `
Examples:
  c1m targets list
  c1m targets build go
  c1m targets start node-http --port 8080
  c1m targets start go-bare --probe
  c1m targets check my-server --targets ./servers`;

const actions = (): Promise<typeof import('./targets-actions.js')> =>
  import('./targets-actions.js');

export function targetsCommand(invocation: Invocation): Command {
  const command = new Command('targets')
    .description('list, build, start and check the servers that c1m knows')
    .addHelpText('after', examples);
  const withFolders = (name: string): Command =>
    command.command(name).option('--targets <dir...>', 'folders with further targets');

  withFolders('list')
    .description('what there is, and what is missing')
    .action(async (folders: Folders) => invocation.ended(await (await actions()).list(folders)));
  withFolders('build')
    .argument('[names...]', 'targets or runtimes; all without it')
    .description('build them, into the cache')
    .action(async (names: string[], folders: Folders) =>
      invocation.ended(await (await actions()).build(names, folders, invocation.heed())),
    );
  withFolders('start')
    .argument('<name>')
    .option('--port <port>', 'where it listens (default: a free port)')
    .option('--probe', 'answer GET /probe too, on a free port of its own')
    .description('run one until Ctrl-C')
    .action(async (name: string, flags: StartFlags) =>
      invocation.ended(await (await actions()).start(name, flags, invocation.heed())),
    );
  withFolders('check')
    .argument('<name>')
    .description('check that it answers as the contract says')
    .action(async (name: string, folders: Folders) =>
      invocation.ended(await (await actions()).check(name, folders, invocation.heed())),
    );
  return command;
}
