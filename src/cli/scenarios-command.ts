import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { findScenario, listScenarios } from '../config/scenario-catalog.js';
import { loadScenario } from '../config/scenario-file.js';

const examples = `
Examples:
  c1m scenarios list
  c1m scenarios show spike > mine.yaml
  c1m scenarios check mine.yaml`;

export function scenariosCommand(): Command {
  const command = new Command('scenarios')
    .description('list, show and check scenario files')
    .addHelpText('after', examples);
  command
    .command('list', { isDefault: true })
    .description('what comes with c1m')
    .action(async () => {
      const scenarios = await listScenarios();
      const width = Math.max(...scenarios.map(({ name }) => name.length));
      for (const { name, description } of scenarios) {
        process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
      }
    });
  command
    .command('show')
    .argument('<name>', 'of a built-in scenario, or a file')
    .description('print its file')
    .action(async (name: string) => {
      process.stdout.write(await readFile(await findScenario(name), 'utf8'));
    });
  command
    .command('check')
    .argument('<file>')
    .description('name every problem, with line and column')
    .action(async (file: string) => {
      const { phases } = await loadScenario(file);
      const count = `${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}`;
      process.stdout.write(`${file} is in order: ${count}\n`);
    });
  return command;
}
