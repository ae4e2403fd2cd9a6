import { readFile } from 'node:fs/promises';
import { findScenario, listScenarios } from '../config/scenario-catalog.js';
import { loadScenario } from '../config/scenario-file.js';

export async function list(): Promise<void> {
  const scenarios = await listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, description } of scenarios) {
    process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
  }
}

export async function show(name: string): Promise<void> {
  process.stdout.write(await readFile(await findScenario(name), 'utf8'));
}

export async function check(file: string): Promise<void> {
  const { phases } = await loadScenario(file);
  const count = `${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}`;
  process.stdout.write(`${file} is in order: ${count}\n`);
}
