import { afterEach } from 'vitest';
import type { BuiltTarget } from '../../src/targets/build.js';
import { Program } from '../../src/program/program.js';
import { nodeTarget } from '../targets/fixtures.js';

const started: Program[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => program.end()));
});

export const never = new AbortController().signal;

/** A program in Node. The body sees each command as `name` and the numbers `a` and `b`, and may `say`. */
export function programTarget(
  body: string,
  { before = '', timeoutSeconds = 30 } = {},
): Promise<BuiltTarget> {
  return nodeTarget(
    `import { createInterface } from 'node:readline';
     import { Worker } from 'node:worker_threads';
     const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n');
     ${before}
     for await (const line of createInterface({ input: process.stdin })) {
       const [name, ...numbers] = line.split(' ');
       const [a, b] = numbers.map(Number);
       if (name === 'exit') process.exit(0);
       ${body}
     }`,
    { role: 'program', ready: { timeoutSeconds } },
  );
}

export async function startProgram(built: BuiltTarget, cpus?: readonly number[]): Promise<Program> {
  const program = await Program.start(built, cpus);
  started.push(program);
  return program;
}
