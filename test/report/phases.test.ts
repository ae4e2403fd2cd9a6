import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatMicros } from '../../src/basis/format.js';
import { conclude } from '../../src/report/conclusion/conclusion.js';
import { subjectsOf } from '../../src/report/subject.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { c1m } from '../fixtures/c1m.js';

// It serves one request after the other, 3 ms each: what comes faster has to wait.
const server = createServer((_, response) => {
  free = Math.max(free, performance.now()) + 3;
  setTimeout(() => response.end('ok'), free - performance.now());
});
let free = 0;
const folder = mkdtempSync(join(tmpdir(), 'c1m-phases-'));
const scenario = `name: rush
description: A rush between two calm seconds
requests:
  - path: /
phases:
  - { name: calm, duration: 1s, connections: 20, rate: 20/s }
  - { name: rush, duration: 1s, connections: 200, rate: 400/s }
  - { name: after, duration: 1s, connections: 20, rate: 20/s }
`;
let summary = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const file = join(folder, 'rush.yaml');
  writeFileSync(file, scenario);
  const url = `http://127.0.0.1:${port}/`;
  ({ stdout: summary } = await c1m(['run', '--scenario', file, '-o', folder, '-q', url]));
});
afterAll(() => void server.close());

describe('where a scenario has several phases with load', () => {
  const milliseconds = (row: string): number[] =>
    [...row.matchAll(/([\d.]+) (ms|s|µs)/g)].map(
      ([, value, unit]) => Number(value) * { µs: 0.001, ms: 1, s: 1000 }[unit!]!,
    );

  it.each(['--markdown', '--html'])('%s has a row for each, by its name', async (flag) => {
    const { stdout } = await c1m(['report', folder, flag, '-']);
    const rows = ['calm', 'rush', 'after'].map((name) => {
      const pattern =
        flag === '--markdown'
          ? new RegExp(`^\\| ${name} \\|.*$`, 'm')
          : new RegExp(`<span class="name">${name}</span>.*?</tr>`, 's');
      return pattern.exec(stdout)![0].replace(/<[^>]+>/g, ' ');
    });
    const { result } = readStoredResult(folder);
    const [trial] = result.targets[0]!.trials;
    rows.forEach((row, place) => {
      const p50 = trial!.phases[place]!.latencyUs!.p50 / 1000;
      expect(milliseconds(row)[0]).toBeCloseTo(p50, p50 >= 100 ? 0 : p50 >= 10 ? 1 : 2);
    });
  });

  it('the conclusion takes the worst, and names it', () => {
    const { result } = readStoredResult(folder);
    const [trial] = result.targets[0]!.trials;
    // A busy machine may make the generator late, which would be said in its place.
    for (const each of [trial!, ...trial!.phases]) {
      each.valid = true;
      each.generator.pacingLagUs = null;
    }
    const { headline, findings } = conclude([result], subjectsOf([result]));
    expect(headline).toMatch(/of 4\d\d that were asked for in its worst phase, rush$/);
    const { p99 } = trial!.phases[1]!.latencyUs!;
    const latency = findings.find(({ topic }) => topic === 'Latency')!.text;
    expect(latency).toContain(`99 % within ${formatMicros(p99)}`);
  });

  it('the summary of a run names each', () => {
    for (const name of ['calm', 'rush', 'after']) expect(summary).toContain(`phase ${name}`);
  });
});
