import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { compareReport } from '../../src/report/compare-report.js';
import { conclude } from '../../src/report/conclusion/conclusion.js';
import { htmlPage } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { subjectsOf } from '../../src/report/subject.js';
import { resultSchema, type RunResult, type TrialResult } from '../../src/results/schema.js';
import { root } from '../fixtures/c1m.js';

// The committed result, so that the golden files show what really was measured.
const folder = join(root, 'results', 'reference-2026-11-24');
const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
const reference = resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
const plain = new Chalk({ level: 0 });
const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

describe('the table of a comparison', () => {
  it('has a row per target, with an interval over the trials, what is proven, and what it says in words', () => {
    return expect(compareReport([reference], Infinity, plain)).toMatchFileSnapshot(
      golden('compare.txt'),
    );
  });

  it('goes into several tables where the terminal is narrow', async () => {
    const report = compareReport([reference], 100, plain);
    const tables = report.split('\n').filter((line) => /^[┌│├└]/.test(line));
    for (const line of tables) expect(line.length).toBeLessThanOrEqual(100);
    await expect(report).toMatchFileSnapshot(golden('compare-narrow.txt'));
  });

  it('has the same columns and breaks in colour', () => {
    const colored = compareReport([reference], 100, new Chalk({ level: 1 }));
    expect(stripVTControlCharacters(colored)).toBe(compareReport([reference], 100, plain));
    expect(colored).toContain('\u001b[36m');
  });

  it('shows two results side by side, and says that their scenarios differ', () => {
    const { scenario } = reference;
    const other = { ...reference, scenario: { ...scenario, hash: 'another' } };
    const report = compareReport([reference, other], Infinity, plain);
    expect(report).toContain('go-bare [1]');
    expect(report).toContain('go-bare [2]');
    expect(report).toContain('The scenarios differ');
  });

  it('says that a rate was too near to what a target can do', () => {
    const slow = structuredClone(reference);
    for (const trial of slow.targets[0]!.trials) trial.load.requestsPerSecond = 1_500;
    expect(compareReport([slow], Infinity, plain)).toContain(
      '! go-bare: the latency’s rate is over half of what it can do',
    );
  });
});

const shares = {
  requestsPerSecond: 0.02,
  p50Us: 0.05,
  p99Us: 0.5,
  rssIdleBytes: 0.01,
  rssPeakBytes: 0.01,
  bytesPerConnection: 0.01,
  cpuUsPerRequest: 0.02,
  startupMs: 0.1,
};

/** The reference result, with what `c1m calibrate` might have found before it. */
function withFloor(noise: Partial<typeof shares>): RunResult {
  const result = structuredClone(reference);
  result.noiseFloor = {
    target: 'node-http',
    scenario: 'compare-quick',
    pairs: 5,
    measuredAt: '2026-11-24T10:00:00.000Z',
    shares: { ...shares, ...noise },
  };
  return result;
}

/** Two of its targets, whose trials differ by nothing but what `change` does to them. */
function twoOf(change: (trial: TrialResult, factor: number) => void): RunResult {
  const result = withFloor({});
  const [first] = result.targets;
  const second = { ...structuredClone(first!), name: 'other' };
  const jitter = [1, 1.001, 1.002];
  for (const [target, factor] of [
    [first!, 1],
    [second, 1.3],
  ] as const) {
    target.trials.forEach((trial, place) => change(trial, factor * jitter[place]!));
  }
  result.targets = [first!, second];
  return result;
}

const memory = (trial: TrialResult, factor: number): void => {
  trial.server!.bytesPerConnection!.slope = 4000 * factor;
};

/** The reference result, with these medians and a noise of 10 %, and without the other aspects. */
function withThroughputs(medians: readonly number[]): RunResult {
  const result = structuredClone(reference);
  result.targets.forEach(({ trials }, place) => {
    trials.forEach((each, trial) => {
      each.server!.bytesPerConnection = null;
      for (const part of [each, ...each.phases]) {
        part.load.requestsPerSecond = medians[place]! * [1, 1.1, 0.9][(trial + place) % 3]!;
        part.latencyUs = null;
      }
    });
  });
  return result;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const unevenMemory = (trial: TrialResult, factor: number): void => {
  memory(trial, factor * [1, 1.04, 0.98][trial.index]!);
};

describe('what is proven', () => {
  it('is the rank of a target, which those within their noise share', () => {
    const report = compareReport([withFloor({})], Infinity, plain);
    expect(report).toContain('(1~3) 134,220');
    expect(report).toContain('(1) 1,356');
    expect(report).toContain('(~) 63.0 µs');
    expect(report).toMatch(/\(2~4\): one of these, \(~\): any; within, no difference is proven/);
    expect(report).toContain('Noise floor, by node-http against itself in 5 pairs of processes');
  });

  it('is nothing below the noise floor', () => {
    const report = compareReport([withFloor({ bytesPerConnection: 100 })], Infinity, plain);
    expect(report).toContain('(~) 1,356');
    expect(report).toContain('Memory per connection: Cannot be told apart');
    expect(report).toContain('B/conn 10000 %');
  });

  it('is told in words, with the ratio and its interval', () => {
    const report = oneLine(compareReport([twoOf(memory)], Infinity, plain));
    expect(report).toContain('other uses 1.3 × the memory of go-bare per connection.');
    const noisy = oneLine(compareReport([twoOf(unevenMemory)], Infinity, plain));
    expect(noisy).toContain('other uses 1.3 × (1.2–1.4) the memory of go-bare per connection.');
    expect(report).toContain('Throughput: Cannot be told apart: go-bare 134,220');
  });

  it('is said first, then what is not', () => {
    const report = oneLine(compareReport([reference], Infinity, plain));
    expect(report).toMatch(
      /Throughput: go-bare and java-vt-bare are among the first three, over 64 .* are behind them\. The fewest: .* Which of these is first is not proven: go-bare 134,220 \(/,
    );
  });

  it('is in the headline, though nobody is first', () => {
    const headline = (throughputs: readonly number[]): string => {
      const result = withThroughputs(throughputs);
      return conclude([result], subjectsOf([result])).headline;
    };
    const slow = Array<number>(8).fill(90_000);
    expect(headline([...slow, 9_000])).toBe(
      'python-uvloop-protocol is behind eight others in throughput',
    );
    const four = Array<number>(4).fill(9_000);
    expect(headline([...slow.slice(0, 5), ...four])).toMatch(
      /^(\S+, ){2}\S+ and \S+ are behind five others in throughput$/,
    );
    expect(headline([...slow, 90_000])).toBe(
      'No difference between the targets is proven in throughput',
    );
  });

  it('is the same in the terminal, in Markdown and on the page', () => {
    const result = withFloor({});
    const terminal = oneLine(compareReport([result], Infinity, plain));
    const markdown = markdownReport([result]);
    const page = htmlPage([{ result, latencies: new Map() }]);
    const { headline, findings } = conclude([result], subjectsOf([result]));
    expect(findings.length).toBeGreaterThan(2);
    for (const text of [headline, ...findings.map((finding) => finding.text)]) {
      expect(terminal).toContain(text);
      expect(markdown).toContain(text.replace(/[~]/g, '\\~'));
      expect(page).toContain(text);
    }
    for (const place of ['(1~3)', '(8~9)', '(~)']) {
      expect(terminal).toContain(place);
      expect(markdown).toContain(place.replace('~', '\\~'));
      expect(page).toContain(`>${place}<`);
    }
  });

  it('is nothing of a single trial each, where no rank is shown', () => {
    const single = withFloor({});
    for (const target of single.targets) target.trials.splice(1);
    const report = compareReport([single], Infinity, plain);
    expect(report).not.toMatch(/\(\d?~/);
    expect(report).toContain('9 targets in a single trial each, which proves no difference.');
  });

  it('of two results is how far the last is from the first', () => {
    const before = twoOf(memory);
    const after = structuredClone(before);
    for (const trial of after.targets[0]!.trials) trial.server!.bytesPerConnection!.slope *= 0.8;
    const report = compareReport([before, after], Infinity, plain);
    expect(report).toContain('(−20 %) 3,203');
    expect(report).toContain('(~) 5,205');
    expect(oneLine(report)).toContain(
      'go-bare is better in [2]: from 4.00 kB (3.99–4.01 kB) to 3.20 kB',
    );
    expect(report).toContain('measured at different times');
  });

  it('has the same words each time, as nothing in it is drawn by lot', () => {
    const once = compareReport([withFloor({})], 80, plain);
    expect(compareReport([withFloor({})], 80, plain)).toBe(once);
    for (const line of once.split('\n').slice(0, once.split('\n').indexOf('') + 20)) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

it('a warning is printed with its remedy, once for all targets that have it', () => {
  const warned = structuredClone(reference);
  const warning = { code: 'odd', message: 'Something odd', remedy: 'Look at it' };
  for (const target of warned.targets.slice(0, 2)) target.trials[0]!.warnings.push(warning);
  expect(compareReport([warned], Infinity, plain)).toContain(
    '! go-bare: Something odd.\n! go-nethttp: Something odd.\n  Look at it.',
  );
});

describe('the scheduling delay at the low load', () => {
  /**
   * Medians in µs of sixteen turns at 1,000/s, as `c1m compare --sched ebpf` measured them (kernel
   * 6.18, two CPUs, 2026-11-25), with a host that was slow in some turns.
   */
  const measured = {
    'go-bare': [
      27.9, 26.9, 25.9, 26.4, 25.9, 31, 26.4, 26.4, 27.9, 26.9, 26.9, 27.9, 26.9, 26.4, 26.4, 26.4,
    ],
    'node-net-bare': [
      26.9, 26.9, 27.9, 25.9, 26.4, 26.4, 26.9, 27.4, 26.9, 26.9, 28.4, 26.9, 25.9, 26.9, 26.4,
      25.9,
    ],
    'java-vt-bare': [
      36.4, 36.4, 35.3, 34.3, 33.3, 35.3, 34.3, 33.3, 34.3, 33.3, 36.4, 34.3, 34.3, 34.3, 35.3,
      32.5,
    ],
  };
  const watchedFolder = join(root, 'test', 'fixtures', 'watched');
  const watchedFile = readdirSync(watchedFolder).find((name) => name.endsWith('.json'))!;
  const watched = resultSchema.parse(
    JSON.parse(readFileSync(join(watchedFolder, watchedFile), 'utf8')),
  );

  /** The stored result, with these turns in place of its low load. */
  function inTurns(delays: Readonly<Record<string, readonly number[]>>): RunResult {
    const [pattern] = watched.targets;
    const targets = Object.entries(delays).map(([name, turns]) => {
      const target = { ...structuredClone(pattern!), name };
      const trial = target.trials.find(({ traced }) => traced)!;
      const low = trial.phases.find((phase) => phase.name === '1000/s')!;
      trial.phases = trial.phases.filter((phase) => phase !== low);
      turns.forEach((p50, place) => {
        const turn = { ...structuredClone(low), name: `1000/s, turn ${place + 1}` };
        turn.server!.schedulingDelayUs!.total.p50 = p50;
        trial.phases.push(turn);
      });
      return target;
    });
    return { ...watched, targets };
  }

  it('ranks targets by their differences turn by turn, in every report', () => {
    const result = inTurns(measured);
    const terminal = compareReport([result], Infinity, plain);
    expect(terminal).toMatch(/go-bare +│ +\(1~2\) 26\.4 µs/);
    expect(terminal).toMatch(/node-net-bare +│ +\(1~2\) 26\.9 µs/);
    expect(terminal).toMatch(/java-vt-bare +│ +\(3\) 34\.3 µs/);
    expect(terminal).toContain('above 1 µs, twice what two processes of one target differ by');
    expect(markdownReport([result])).toContain('(3) **34.3 µs**');
    const page = htmlPage([{ result, latencies: new Map() }]);
    expect(page.includes('<span class="place">(3)</span>')).toBe(true);
  });

  it('is not misled by a host that gets slower, which a comparison of all turns would be', () => {
    const drifting = (from: number): number[] => measured['go-bare'].map((_, n) => from + 3 * n);
    const result = inTurns({ soon: drifting(20), late: drifting(22) });
    expect(compareReport([result], Infinity, plain)).toMatch(/late +│ +\(2\)/);
    const near = inTurns({ soon: drifting(20), late: drifting(20.9) });
    expect(compareReport([near], Infinity, plain)).toMatch(/late +│ +\(~\)/);
  });

  it('has no rank where turns were lost, or of different results', () => {
    const result = inTurns(measured);
    for (const { trials } of result.targets) {
      for (const { phases } of trials) {
        for (const phase of phases.filter(({ name }) => name.includes('turn'))) phase.valid = false;
      }
    }
    expect(compareReport([result], Infinity, plain)).not.toContain('turn by turn');
    const two = compareReport([inTurns(measured), inTurns(measured)], Infinity, plain);
    expect(two).not.toContain('turn by turn');
  });
});
