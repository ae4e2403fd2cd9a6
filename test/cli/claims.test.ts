import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClaimsResult } from '../../src/results/claims.js';
import { counting, ownClaim, ownText } from '../claims/fixtures.js';
import { c1m, root } from '../fixtures/c1m.js';
import { eventually, processesWith } from '../targets/fixtures.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'c1m-claims-'));

function resultIn(place: string): ClaimsResult {
  const [file, ...others] = readdirSync(place).filter((name) => name.endsWith('.json'));
  expect(others).toEqual([]);
  return JSON.parse(readFileSync(join(place, file!), 'utf8')) as ClaimsResult;
}

describe('c1m claims', () => {
  it('measures a claim of one’s own, keeps a valid result, and prints it in every form', async () => {
    const [file, kept] = [await ownClaim(), folder()];
    const { code, stdout, stderr } = await c1m(['claims', file, '--quick', '--json', '-o', kept]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('ours (1 of 1), about ');
    expect(stderr).toContain('ours: holds');
    const schema = JSON.parse(
      readFileSync(join(root, 'schema/claims.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const result = JSON.parse(stdout) as ClaimsResult;
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(resultIn(kept)).toEqual(result);
    const [claim] = result.claims;
    expect(claim!.arms[0]!.runs.map(({ figures }) => figures['leaksPerOperation'])).toEqual([
      ...[2, 2, 2],
    ]);
    // The program is busy for 2 ms in a batch of 10.
    expect(claim!.arms[0]!.runs[0]!.figures['nsPerOperation']).toBeGreaterThan(200_000);
    expect(claim!.again).toBe(`c1m claims ${file} --quick`);

    const reported = await c1m(['report', kept]);
    expect(reported.stdout).toMatch(/^1 claim: 1 holds\.$/m);
    expect(reported.stdout).toMatch(/^ours: holds$/m);
    expect(reported.stdout).toContain('It is so that it leaks two (2.000, needed at least 1.990).');
    const markdown = await c1m(['report', kept, '--markdown', '-']);
    expect(markdown.stdout).toContain('| Our program leaks two at a time | two | **holds** |');
    const page = join(kept, 'page.html');
    expect((await c1m(['report', kept, '--html', page])).code).toBe(0);
    const html = readFileSync(page, 'utf8');
    for (const part of ['1 claim: 1 holds', 'It leaks two at a time.', '2.000', claim!.again]) {
      expect(html).toContain(part);
    }
    const csv = await c1m(['report', kept, '--csv', '-']);
    expect(csv.code).toBe(2);
    expect(csv.stderr).toContain('is a result of c1m claims, which has no such report');
  });

  it('says why a claim cannot be measured where its program fails, and exits with 1', async () => {
    const file = await ownClaim(`console.error('no such luck'); process.exit(3);`);
    const { code, stdout, stderr } = await c1m(['claims', file, '--quick', '-o', folder()]);
    expect(code).toBe(1);
    expect(stderr).toContain('ours: leaking failed: own-program ended with exit code 3');
    expect(stdout).toMatch(/^ours: cannot be measured here$/m);
    expect(stdout).toContain('no such luck');
    expect(stdout).toContain('3 of 3 processes of leaking failed');
  });

  it('never lets a claim hold when one of its processes failed', async () => {
    // Each process begins by noting its number; the second one fails.
    const file = await ownClaim(
      `if (count === 10 && readFileSync(log, 'utf8').length === 2) process.exit(4); ${counting}`,
      ownText(['quick: 3', 'quick: 4']),
    );
    const program = join(dirname(file), 'program/program.mjs');
    const log = JSON.stringify(join(dirname(file), 'log'));
    writeFileSync(
      program,
      `import { appendFileSync, readFileSync } from 'node:fs'; const log = ${log}; appendFileSync(log, 'x');\n${readFileSync(program, 'utf8')}`,
    );
    const { code, stdout } = await c1m(['claims', file, '--quick', '--json', '-o', folder()]);
    expect(code).toBe(1);
    const [claim] = (JSON.parse(stdout) as ClaimsResult).claims;
    expect(claim!.arms[0]!.runs).toHaveLength(3);
    expect(claim!.findings[0]!.measured).toMatchObject({ value: 2, runs: 3 });
    expect(claim!.verdict.kind).toBe('cannot-be-told');
    expect(claim!.verdict.reason).toContain('1 of 4 processes of leaking failed');
  });

  it('at Ctrl-C keeps what was measured, leaves no process, and goes on with --resume', async () => {
    const kept = folder();
    const first = await ownClaim();
    // The first process answers; the second one hangs.
    const second = await ownClaim(counting, ownText(['name: ours', 'name: slow']));
    const program = join(dirname(second), 'program/program.mjs');
    const quick = readFileSync(program, 'utf8');
    writeFileSync(program, quick.replace('console.log', 'if (false) console.log'));
    const args = ['claims', first, second, '--quick', '-o', kept];
    const cut = await c1m(args, /slow \(2 of 2\)[^\n]*\n/);
    expect(cut.code, cut.stderr).toBe(130);
    expect(cut.stdout).toMatch(/^ours: holds$/m);
    expect(cut.stdout).toContain('Not measured yet: slow.');
    const gone = async () => (await processesWith(dirname(second))).length === 0;
    expect(await eventually(gone, 5_000)).toBe(true);
    const before = resultIn(kept);
    expect(before.finishedAt).toBeNull();

    const unlike = await c1m(['claims', '--resume', '-o', kept]);
    expect(unlike.code).toBe(2);
    expect(unlike.stderr).toMatch(/--resume: .* was measured with --quick\n {2}Write --quick/);
    writeFileSync(program, quick);
    const resumed = await c1m(['claims', '--resume', '--quick', '-o', kept]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('ours (');
    const after = resultIn(kept);
    expect(after).toMatchObject({ id: before.id, claims: [{ name: 'ours' }, { name: 'slow' }] });
    expect(after.claims[0]).toEqual(before.claims[0]);
    expect(after.finishedAt).not.toBeNull();
  });

  it('lists the claims that there are, each with what it needs', async () => {
    const { code, stdout } = await c1m(['claims', '--list']);
    expect(code).toBe(0);
    const files = readdirSync(join(root, 'scenarios/claims'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.replace('.yaml', ''));
    const listed = [...stdout.matchAll(/^([a-z]\S+) /gm)].map(([, name]) => name);
    expect(listed).toEqual(files.sort());
    expect(stdout).toMatch(/^event-bus .*\n +needs go ≥ 1\.22$/m);
  });

  it('says of a claim whose toolchain is missing what would be needed', async () => {
    const file = await ownClaim();
    const manifest = join(dirname(file), 'program/target.yaml');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('{name: node}', "{name: node, minVersion: '99'}"));
    const listed = await c1m(['claims', '--list', file]);
    expect(listed.stdout).toMatch(/! Node ≥ 99 not found .*\. Install it from https/);
    const { code, stdout } = await c1m(['claims', file, '--quick', '-o', folder()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ours: cannot be measured here$/m);
    expect(stdout).toMatch(/whether it leaks two \(leaking: Node ≥ 99 not found/);
  });

  it('names all that it does not know, and exits with 2', async () => {
    const { code, stderr } = await c1m(['claims', 'event-buss', 'unheard', './none.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/event-buss: there is no such claim\n {2}Did you mean event-bus\?/);
    expect(stderr).toMatch(/unheard: there is no such claim\n {2}Claims: cold-start, /);
    expect(stderr).toMatch(/there is no file \S+none\.yaml/);
    const nothing = await c1m(['claims', '--resume', '-o', folder()]);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('holds no result of c1m claims');
  });
});
