import { readFile } from 'node:fs/promises';
import { findScenario, listScenarios } from '../config/scenario-catalog.js';
import { loadScenario } from '../config/scenario-file.js';
import { done, shown, type Outcome } from './outcome.js';

export async function list(): Promise<Outcome> {
  const scenarios = await listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, description } of scenarios) {
    process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
  }
  return shown();
}

export async function show(name: string): Promise<Outcome> {
  process.stdout.write(await readFile(await findScenario(name), 'utf8'));
  return shown();
}

export async function check(file: string): Promise<Outcome> {
  const { phases } = await loadScenario(file);
  const count = `${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}`;
  process.stdout.write(`${file} is in order: ${count}\n`);
  return done();
}
