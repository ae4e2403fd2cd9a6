import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { htmlPage } from '../../src/report/html/page.js';
import { jsonMarkup, markup } from '../../src/report/html/markup.js';
import { readStoredResult, type StoredResult } from '../../src/store/stored-result.js';
import { root } from '../fixtures/c1m.js';

const reference = (): StoredResult => readStoredResult(join(root, 'results/reference-2026-11-24'));
const million = (): StoredResult =>
  readStoredResult(join(root, 'results/reference-2026-11-24-million'));
const run = (): StoredResult => readStoredResult(join(root, 'results/reference-2026-11-24-run'));

/** The JSON that a page carries. */
function embedded(page: string, number: number): unknown {
  const [, json] =
    new RegExp(
      `<script type="application/json" id="c1m-result-${number}">(.*?)</script>`,
      's',
    ).exec(page) ?? [];
  return JSON.parse(json ?? 'null');
}

describe('the page of a comparison', () => {
  let page: string;
  beforeAll(() => void (page = htmlPage([reference()])));

  it('is one file of at most 1.5 MB that fetches nothing', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
    expect(page).not.toMatch(/\s(src|srcset|href|xlink:href|data|action|poster)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import|<(link|iframe|object|embed|base)\b/);
  });

  it('names every target in its table, with the figures of the terminal’s', () => {
    const { result } = reference();
    for (const { name } of result.targets) expect(page).toContain(`>${name}</span>`);
    for (const figure of ['134,220', '132,171–136,098', '43,159', '1.491']) {
      expect(page).toContain(figure);
    }
  });

  it('draws a line per target on the axis of percentiles', () => {
    const chart = page.slice(page.indexOf('Latency by percentile'));
    const [wide = ''] = /<svg class="wide".*?<\/svg>/s.exec(chart) ?? [];
    expect(wide.match(/class="line"/g)).toHaveLength(9);
    for (const share of ['90 %', '99 %', '99.9 %']) expect(wide).toContain(`>${share}</text>`);
  });

  it('has a chart of each kind, each with its figures in words', () => {
    for (const title of [
      'Throughput',
      'Throughput over time',
      'Median latency over time',
      'p99 latency over time',
      'Memory against connections',
      'Context switches per request',
      'Start-up',
      'Artifact size',
    ]) {
      const start = page.indexOf(`<figure><h3>${title}</h3>`);
      expect(start, title).toBeGreaterThan(0);
      const figure = page.slice(start, page.indexOf('</figure>', start));
      expect(figure).toMatch(/<svg class="(wide|narrow)" [^>]*role="img" aria-label="[^"]{20,}"/);
      expect(figure.match(/<th scope="row">/g)?.length ?? 0).toBeGreaterThanOrEqual(9);
      expect(figure).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('draws memory where it was measured, and a line through it of the reported slope', () => {
    const start = page.indexOf('<h3>Memory against connections</h3>');
    const [wide = ''] = /<svg class="wide".*?<\/svg>/s.exec(page.slice(start)) ?? [];
    const [, group = ''] = /<g class="c1 d1">(.*?<\/title><\/g>)<\/g>/s.exec(wide) ?? [];
    const marks = [...group.matchAll(/translate\(([\d.]+) ([\d.]+)\)/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
    expect(marks).toHaveLength(3);
    const ends = /d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/.exec(group)!.slice(1).map(Number);
    // 500, 2,000 and 5,000 connections: the axis is linear.
    expect((marks[1]!.x - marks[0]!.x) / (marks[2]!.x - marks[1]!.x)).toBeCloseTo(0.5, 2);
    const slope = (ends[3]! - ends[1]!) / (ends[2]! - ends[0]!);
    const measured = (marks[2]!.y - marks[0]!.y) / (marks[2]!.x - marks[0]!.x);
    expect(slope / measured).toBeCloseTo(1, 1);
  });

  it('says how it was measured, where, and how to do it again', () => {
    const { result } = reference();
    expect(page).toContain(`npx c1m@${result.tool.version} ${result.tool.command}`);
    expect(page).toContain(result.host.kernel);
    expect(page).toContain(`CPU 1`);
    expect(page).toContain('&quot;memory at 5000&quot;');
  });

  it('says above all that a trial is not valid, and why further down', () => {
    expect(page.indexOf('1 of 27 trials is not valid')).toBeLessThan(page.indexOf('<main>'));
    expect(page).toContain('python-uvloop-bare, trial 2');
    expect(page).toContain('c1m itself sent 1 % of the requests more than 5.3 ms late');
    expect(page).toContain('Lower --rate, raise --threads');
  });

  it('carries the whole document', () => {
    expect(embedded(page, 1)).toEqual(JSON.parse(JSON.stringify(reference().result)));
  });
});

describe('text of others', () => {
  const hostile = `</script><img src=x onerror=alert(1)>"'&\u0000\u001b[31m`;

  /** Puts it wherever a result holds text. */
  function poison(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => poison(item, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          ['errors', 'connectErrors', 'limits', 'headers'].includes(key) ? name + hostile : name,
          poison(item, name),
        ]),
      );
    }
    // What the program decides by is left as it is; all else comes from files and servers.
    const kept = 'kind startedAt finishedAt measuredAt source histograms unit counted'.split(' ');
    return typeof value === 'string' && !kept.includes(key) ? value + hostile : value;
  }

  it.each([
    ['a comparison', reference],
    ['a million connections', million],
    ['a run', run],
  ])('stays text wherever %s holds it', (_, read) => {
    const stored = read();
    const result = poison(stored.result) as StoredResult['result'];
    const trials = result.targets.flatMap((target) => target.trials);
    const readings = [...stored.latencies.values()];
    const latencies = new Map(trials.map((trial, index) => [trial, readings[index]!]));
    result.skipped.push({ name: hostile, runtime: hostile, reason: hostile, remedy: hostile });
    result.failures.push({ ...result.skipped[0]!, trial: null });
    const page = htmlPage([{ result, latencies }]);
    for (const text of ['<img', '\u0000', '\u001b']) expect(page.includes(text)).toBe(false);
    // As many scripts begin and end as without it.
    const scripts = (text: string): number[] =>
      [/<script/g, /<\/script/g].map((tag) => text.match(tag)?.length ?? 0);
    expect(scripts(page)).toEqual(scripts(htmlPage([stored])));
    const escaped = '&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;';
    expect(page.includes(escaped)).toBe(true);
    expect(embedded(page, 1)).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it('is escaped by the template itself, and JSON cannot end its element', () => {
    expect(markup`<b title="${`"><i>`}">${[`a<b`, null, 3]}</b>`.text).toBe(
      '<b title="&quot;&gt;&lt;i&gt;">a&lt;b3</b>',
    );
    const { text } = jsonMarkup({ a: '</script><!--' });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ a: '</script><!--' });
  });
});

it('a result without its logs still has a page, which says what is missing', () => {
  const page = htmlPage([run()]);
  expect(page).toContain('run-2026-11-24T14-48-07-965Z.hlog is missing');
  expect(page).toContain('39,999 requests per second of 40,000 that were asked for');
});

it('two results have a row each for a target, and numbers that tell them apart', () => {
  const page = htmlPage([reference(), reference()]);
  expect(page).toContain('>go-bare [1]</span>');
  expect(page).toContain('>go-bare [2]</span>');
  expect(page).toContain('no certain difference was seen');
  expect(embedded(page, 2)).not.toBeNull();
});

it('raw data that would make the page too large to be sent on is left out, which the page says', () => {
  const results = [reference(), reference(), reference()];
  const page = htmlPage(results);
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  expect(page).toContain('too large for a page to be sent on');
  expect(page).not.toContain('application/json" id=');
});
