import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Problem } from '../../src/basis/problem.js';
import { loadClaim } from '../../src/claims/claim-file.js';
import { root } from '../fixtures/c1m.js';
import { counting, ownClaim, ownText, type Replacement } from './fixtures.js';

async function problemsOf(...replaced: Replacement[]): Promise<readonly Problem[]> {
  const file = await ownClaim(counting, ownText(...replaced));
  const error: unknown = await loadClaim(file, file).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`it was read: ${JSON.stringify(error)}`);
  return error.problems.map((problem) => ({
    ...problem,
    where: problem.where.replace(/^.*ours\.yaml/, ''),
  }));
}

describe('the file of a claim', () => {
  it('is read with its targets, and amounts in the unit of their figure', async () => {
    const file = await ownClaim(
      counting,
      ownText(
        ['leaksPerOperation, title: leaks per call, unit: number', 'nsPerOperation'],
        [
          'leaksPerOperation, arm: leaking, atLeast: 1.99',
          'nsPerOperation, arm: leaking, below: 1.5us',
        ],
      ),
    );
    const claim = await loadClaim(file, 'word');
    expect(claim).toMatchObject({
      ...{ name: 'ours', word: 'word', processes: 4, quickProcesses: 3, said: ['two'] },
      sentence: { english: 'It leaks two at a time.', original: null },
      arms: [{ name: 'leaking', kind: 'program', command: 'leak', operations: 10 }],
      conditions: [{ over: null, bound: { kind: 'below', amount: 1_500 } }],
    });
    expect(claim.arms[0]!.target.manifest.name).toBe('own-program');
    expect(claim.figures).toEqual([
      ...[{ name: 'nsPerOperation', title: 'time per operation', unit: 'ns' }].map((figure) => ({
        ...figure,
        ...{ resolution: 0, exact: false },
      })),
    ]);
  });

  it.each([
    [['processes: 4', 'proceses: 4'], ':6:1', 'there is no key "proceses"', 'mean processes?'],
    [['said: [two]', 'said: []'], ':5:7', 'said: is empty', 'said: [under 10 ms]'],
    [['command: leak,', ''], ':11:5', 'its program has no command', 'Write the word'],
    [['program: ./program', 'program: ./nowhere'], ':11:31', 'there is no target.yaml', 'folder'],
    [['program: ./program', 'program: go-bare'], ':11:31', 'is a server, not a program', 'c1m'],
    [['arm: leaking', 'arm: leakign'], ':13:59', 'no arm "leakign"', 'Did you mean leaking?'],
    [
      ['figure: leaks', 'figure: leeks'],
      ':13:35',
      'no figure "leeksPer',
      'mean leaksPerOperation?',
    ],
    [['atLeast: 1.99', 'below: soon'], ':13:75', '"soon" is not a number', 'such as'],
    [['atLeast: 1.99', 'below: 1, above: 2'], ':13:5', 'has to have one bound', 'Write one of'],
    [[', unit: number', ''], ':9:13', 'none of c1m’s own figures', 'title and unit|Give it both'],
    [['name: ours', 'name: Ours'], ':1:7', 'is not lower-case', 'name: event-bus'],
    [['operations: 10', 'operations: few'], ':11:69', '"few" is not a count', 'whole number'],
  ] as const)('with %j is refused at its line', async (replaced, where, message, remedy) => {
    const problems = await problemsOf(replaced);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toContain(message);
    expect(problems[0]!.remedy).toMatch(new RegExp(remedy.replace(/[?[\]]/g, '\\$&')));
    expect(problems[0]!.where).toBe(where);
  });

  it('is read as docs/claims.md shows it', async () => {
    const page = readFileSync(join(root, 'docs/claims.md'), 'utf8');
    const [, text] = /^```yaml\n(.*?)^```$/ms.exec(page)!;
    const claim = await loadClaim(await ownClaim(counting, text), 'cold-start');
    expect(claim.conditions.map(({ bound }) => bound)).toEqual([
      { kind: 'below', amount: 15e6 },
      { kind: 'below', amount: 10_000 },
    ]);
    expect(claim.open).toBe('What the article leaves open, and what was taken in its place.');
  });

  it('tells all that is wrong with it at once', async () => {
    const problems = await problemsOf(['arm: leaking', 'arm: other'], [', unit: number', '']);
    expect(problems).toHaveLength(2);
  });

  it('says where it is no YAML, and which file is missing', async () => {
    expect((await problemsOf(['said: [two]', 'said: [two']))[0]!.message).toContain('not YAML');
    await expect(loadClaim('/nowhere/claim.yaml', 'x')).rejects.toThrow(
      'there is no file /nowhere/claim.yaml',
    );
  });
});
