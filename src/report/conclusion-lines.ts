import type { ChalkInstance } from 'chalk';
import type { RunResult } from '../results/schema.js';
import { conclude } from './conclusion/conclusion.js';
import type { Subject } from './subject.js';
import { wrapped } from './wrapped.js';

/** Longer lines are hard to read, however wide the terminal. */
const widest = 110;

/** What the result says, in words, for a terminal. */
export function conclusionLines(
  results: readonly RunResult[],
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string[] {
  const { headline, findings } = conclude(results, subjects);
  const room = Math.min(width, widest);
  const headlines = wrapped(`${headline}.`, room).map((line) => color.bold(line));
  const said = findings.flatMap(({ topic, text }) => {
    const [first = '', ...rest] = wrapped(`${topic}: ${text}`, room - 2);
    const titled = first.startsWith(`${topic}:`)
      ? `${color.bold(`${topic}:`)}${first.slice(topic.length + 1)}`
      : first;
    return [`  ${titled}`, ...rest.map((line) => `  ${line}`)];
  });
  return [...headlines, ...said];
}
