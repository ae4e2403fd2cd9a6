import { join } from 'node:path';
import { expect, it } from 'vitest';
import { junitXml } from '../../src/report/junit.js';
import { resultJunit } from '../../src/report/result-junit.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import type { RunResult } from '../../src/results/schema.js';
import { c1m, root } from '../fixtures/c1m.js';
import { junitProblems, parseXml } from '../fixtures/junit.js';

const place = join(root, 'results/reference-2026-11-24');
const reference = (): RunResult => structuredClone(readStoredResult(place).result);

it('a comparison is a suite per target and a case per phase, of which the invalid one fails', async () => {
  const { code, stdout, stderr } = await c1m(['report', place, '--junit', '-']);
  expect(code, stderr).toBe(0);
  const document = parseXml(stdout);
  expect(junitProblems(document)).toEqual([]);
  expect(document.children).toHaveLength(9);
  // Three trials of five recorded phases each.
  for (const suite of document.children) expect(suite.attributes['tests']).toBe('15');
  const failed = document.children.filter(({ attributes }) => attributes['failures'] !== '0');
  expect(failed.map(({ attributes }) => attributes['name'])).toEqual([
    'python-uvloop-bare, scenario compare',
  ]);
  const [testCase] = failed[0]!.children.filter((each) => each.children[0]?.tag === 'failure');
  expect(testCase!.attributes['name']).toBe('trial 2, latency');
  expect(testCase!.children[0]!.attributes['message']).toContain('more than 5.3 ms late');
  expect(testCase!.children[1]!.text).toContain('Lower --rate, raise --threads');
});

it('the single target of a run is the root itself', async () => {
  const { stdout } = await c1m(['report', `${place}-run`, '--junit', '-']);
  const document = parseXml(stdout);
  expect(junitProblems(document)).toEqual([]);
  expect(document.tag).toBe('testsuite');
  expect(document.attributes).toMatchObject({ tests: '1', failures: '0', time: '30.000' });
});

it('says what failed, was left out, or was interrupted, whatever characters it has', () => {
  const result = reference();
  const hostile = `]]></testcase><x>"'&\u0000\u001b[31m`;
  const failure = { name: hostile, runtime: 'go', reason: hostile, remedy: hostile };
  result.failures.push({ ...failure, trial: null }, { ...failure, name: 'go-bare', trial: 2 });
  result.skipped.push({ ...failure, name: 'java' });
  const [trial] = result.targets[1]!.trials;
  trial!.complete = false;
  // Two phases of one name are two cases.
  trial!.phases[1]!.name = trial!.phases[0]!.name;
  const document = parseXml(resultJunit([result]));
  expect(junitProblems(document)).toEqual([]);
  const outcomes = document.children.map(({ attributes }) => attributes);
  expect(outcomes[0]).toMatchObject({ tests: '16', errors: '1' });
  expect(outcomes[1]).toMatchObject({ tests: '16', errors: '1' });
  expect(outcomes.at(-2)).toMatchObject({ tests: '1', errors: '1' });
  expect(outcomes.at(-2)!['name']).toContain(`]]></testcase><x>"'&`);
  expect(outcomes.at(-1)).toMatchObject({ tests: '1', skipped: '1' });
});

it('the rules notice what breaks them', () => {
  const xml = junitXml([
    {
      name: 'a',
      seconds: 1,
      startedAt: '2026-11-24T00:00:00.000Z',
      cases: [{ classname: 'c', name: 'n', outcome: 'failure', message: 'm', output: '' }],
    },
  ]);
  expect(junitProblems(parseXml(xml))).toEqual([]);
  expect(junitProblems(parseXml(xml.replace('failures="1"', 'failures="0"')))).not.toEqual([]);
  expect(junitProblems(parseXml(xml.replace(' message="m"', '')))).not.toEqual([]);
  expect(junitProblems(parseXml(xml.replace('testcase>', 'testcase><y/>')))).not.toEqual([]);
});
