import { Command } from 'commander';
import type { Invocation } from './invocation.js';

const examples = `
Examples:
  c1m scenarios list
  c1m scenarios show spike > mine.yaml
  c1m scenarios check mine.yaml`;

const actions = (): Promise<typeof import('./scenarios-actions.js')> =>
  import('./scenarios-actions.js');

export function scenariosCommand(invocation: Invocation): Command {
  const command = new Command('scenarios')
    .description('list, show and check scenario files')
    .addHelpText('after', examples);
  command
    .command('list', { isDefault: true })
    .description('what comes with c1m')
    .action(async () => invocation.ended(await (await actions()).list()));
  command
    .command('show')
    .argument('<name>', 'of a built-in scenario, or a file')
    .description('print its file')
    .action(async (name: string) => invocation.ended(await (await actions()).show(name)));
  command
    .command('check')
    .argument('<file>')
    .description('name every problem, with line and column')
    .action(async (file: string) => invocation.ended(await (await actions()).check(file)));
  return command;
}
