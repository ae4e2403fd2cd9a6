import { join } from 'node:path';
import { temporaryFolder, writeFiles } from '../targets/fixtures.js';

/** What a program in Node does with the command `word` and its number of operations `count`. */
export const counting = `
  const start = performance.now();
  const until = start + 2;
  while (performance.now() < until);
  const elapsedNs = Math.round((performance.now() - start) * 1e6);
  console.log(JSON.stringify({ operations: count, elapsedNs, totals: { leaks: 2 * count } }));`;

const claim = `name: ours
title: Our program leaks two at a time
sentence: { english: It leaks two at a time. }
source: our wiki
said: [two]
processes: 4
quick: 3
figures:
  - { name: leaksPerOperation, title: leaks per call, unit: number }
arms:
  - { name: leaking, program: ./program, command: leak, operations: 10 }
decides:
  - { says: it leaks two, figure: leaksPerOperation, arm: leaking, atLeast: 1.99 }
`;

/** A folder with a claim of somebody's own about a program in Node; returns the claim's file. */
export async function ownClaim(body = counting, text = claim): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'ours.yaml': text,
    'program/target.yaml': `name: own-program\ndescription: a test\nrole: program\nruntime: {name: node}\nstart: ['{node}', '{src}/program.mjs']\n`,
    'program/program.mjs': `import { createInterface } from 'node:readline';
      for await (const line of createInterface({ input: process.stdin })) {
        if (line === 'exit') process.exit(0);
        const [word, number] = line.split(' ');
        const count = Number(number);
        ${body}
      }`,
  });
  return join(folder, 'ours.yaml');
}

/** Text of the claim, and what stands there instead. */
export type Replacement = readonly [string, string];

/** The claim above, with parts of its text in place of others. */
export function ownText(...replaced: Replacement[]): string {
  return replaced.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the claim has no ${from}`);
    return text.replace(from, to);
  }, claim);
}
