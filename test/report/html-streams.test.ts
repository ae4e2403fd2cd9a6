import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readResultFile } from '../../dist/store/reader.js';
import type { RunResult } from '../../src/results/schema.js';
import { c1m } from '../fixtures/c1m.js';
import { eventServer } from '../fixtures/event-server.js';

/** Of each stream, in milliseconds. */
const [eventsEach, betweenMillis] = [5, 40];
let page: string;
let summary: string;
let result: RunResult;

beforeAll(async () => {
  const server = await eventServer('1.1', (_, speaker) => {
    speaker.head('text/event-stream');
    const next = (left: number): void => {
      if (left === 0) return void speaker.end();
      setTimeout(() => {
        speaker.event('data: x\n\n');
        next(left - 1);
      }, betweenMillis);
    };
    next(eventsEach);
  });
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const flags = ['--stream', '-c', '10', '-d', '2s', '--no-live', '-o', folder];
  const run = await c1m(['run', ...flags, server.url]);
  server.close();
  summary = run.stdout;
  const file = /Result +(\S+)/.exec(run.stdout)![1]!;
  result = readResultFile(file) as RunResult;
  const html = join(folder, 'page.html');
  const report = await c1m(['report', folder, '--html', html]);
  if (report.code !== 0) throw new Error(report.stderr);
  page = readFileSync(html, 'utf8');
}, 60_000);

function figureOf(title: string): string {
  const start = page.indexOf(`<figure><h3>${title}</h3>`);
  expect(start, title).toBeGreaterThan(0);
  return page.slice(start, page.indexOf('</figure>', start));
}

const numbers = (text: string): number[] =>
  [...text.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => Number(cell!.replace(/,/g, '')));

describe('the page of streams of events', () => {
  it('says in its first line what was asked for, as the summary does', () => {
    expect(/<p class="eyebrow">([^<]*)</.exec(page)![1]).toContain('· streams of events ·');
    expect(summary).toContain('10 connections, streams of events, engine ');
  });

  it('has the waits for the first event, and between events, by percentile', () => {
    const first = figureOf('Time to the first event by percentile');
    const between = figureOf('Time between events by percentile');
    for (const figure of [first, between]) {
      expect(figure).toMatch(/<svg class="wide" [^>]*aria-label="Line chart of time/);
      expect(figure).not.toMatch(/NaN|Infinity|undefined/);
      // What the server planned, and what a busy machine adds.
      const [, p50] = /<td[^>]*>([\d.]+) ms/.exec(figure)!;
      expect(Number(p50)).toBeGreaterThan(betweenMillis * 0.9);
      expect(Number(p50)).toBeLessThan(betweenMillis * 3);
    }
    expect(first).toContain('share of streams that were at least as fast');
    expect(between).toContain('share of events that were at least as fast');
  });

  it('has the events of each second, which are those of the result', () => {
    const { events, load } = result.targets[0]!.trials[0]!.phases[0]!;
    const cells = numbers(figureOf('Events over time')).filter(Number.isFinite);
    // Of each second, when it began and what came in it.
    const perSecond = cells.filter((_, place) => place % 2 === 1);
    expect(perSecond).toHaveLength(2);
    const counted = perSecond[0]! + perSecond[1]!;
    const inWindow = events!.perSecond * load.durationSeconds;
    expect(Math.abs(counted / inWindow - 1)).toBeLessThan(0.02);
  });
});
