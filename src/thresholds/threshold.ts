import { nearestName } from '../basis/nearest-name.js';
import type { Parsed } from '../basis/units.js';
import { namesMeantBy } from '../figures/also-called.js';
import type { Figure } from '../figures/figure.js';
import { figures } from '../figures/table.js';
import { unitParsers } from '../figures/unit-parsers.js';

/** A condition that must hold, such as `p99 <= 20 ms`; where it does not, the run has failed. */
export interface Threshold {
  /** Where it was written: `--fail-if` or `failIf`. */
  readonly where: string;
  /** As reports show it. */
  readonly text: string;
  /** The name of a phase, or of a request (part.ts), as it is written; null: of the whole trial. */
  readonly part: string | null;
  readonly metric: string;
  readonly comparison: Comparison;
  /** In the base unit of the metric. */
  readonly limit: number;
}

export const comparisons = ['<=', '<', '>=', '>', '=='] as const;
export type Comparison = (typeof comparisons)[number];

const pattern = /^(.+?)\s*(<=|>=|==|=<|=>|!=|=|<|>)\s*([^<>=!]+)$/;
const example =
  "Write a condition that must hold, such as 'p99<=20ms', 'errors==0' or 'rssPeak<200MB'.";

/** `p99<=20ms`, `errors == 0`, `throughput.rssPeak<200MB` with the name of a phase. */
export function parseThreshold(written: string, where: string): Parsed<Threshold> {
  const fail = (message: string, remedy: string): Parsed<Threshold> => {
    return { ok: false, message: `"${written.trim()}" ${message}`, remedy };
  };
  const match = pattern.exec(written.trim());
  if (match === null) return fail('is not a condition', example);
  const [, name, sign, amount] = match as unknown as [string, string, string, string];
  const comparison = comparisons.find((it) => it === sign);
  if (comparison === undefined) {
    return fail(`has "${sign}", which is no comparison`, `Write one of ${comparisons.join(', ')}.`);
  }
  const named = splitName(name);
  if (named === null) return fail(`is about "${name}", which is no metric`, remedyFor(name));
  const limit = unitParsers[named.figure.unit](amount);
  if (!limit.ok) {
    return { ...limit, message: `"${written.trim()}": ${limit.message}` };
  }
  if (isBackwards(named.figure, comparison)) {
    const sensible = comparison.replace(/[<>]/, named.figure.better === 'lower' ? '<' : '>');
    return fail(
      `asks for a ${named.figure.better === 'lower' ? 'high' : 'low'} ${named.name}, and would fail where it is good`,
      `A condition says what must hold: write '${name}${sensible}${amount}'.`,
    );
  }
  return {
    ok: true,
    value: {
      where,
      text: `${name} ${comparison} ${spaced(amount)}`,
      part: named.part,
      metric: named.name,
      comparison,
      limit: limit.value,
    },
  };
}

/** Nobody needs a p99 above a limit: it was meant as what must not be. */
function isBackwards({ better }: Figure, comparison: Comparison): boolean {
  return comparison.startsWith(better === 'lower' ? '>' : '<');
}

/** The metric is the longest name at the end; what stands before its dot is a phase or a request. */
function splitName(written: string): { part: string | null; name: string; figure: Figure } | null {
  const text = canonical(written);
  for (let at = -1; ;) {
    const word = text.slice(at + 1);
    const [meant, other] = figures.has(word) ? [word] : namesMeantBy(word, [...figures.keys()]);
    const name = other === undefined ? (meant ?? word) : word;
    const figure = figures.get(name);
    if (figure !== undefined) return { part: at < 0 ? null : text.slice(0, at), name, figure };
    at = text.indexOf('.', at + 1);
    if (at < 0) return null;
  }
}

/** People write p99.9 for what the results call p999. */
function canonical(name: string): string {
  return name.replace(/\bp99\.9(9?)$/, 'p999$1');
}

function remedyFor(written: string): string {
  const names = [...figures.keys()];
  const tails = [
    written,
    ...[...written.matchAll(/\./g)].map(({ index }) => written.slice(index + 1)),
  ];
  for (const tail of tails) {
    const near = nearestName(tail, names);
    const meant = namesMeantBy(tail, names);
    const likely = meant.length > 0 || near === null ? meant : [near];
    const part = written.slice(0, written.length - tail.length);
    if (likely.length > 0) {
      return `Did you mean ${likely.map((name) => `${part}${name}`).join(' or ')}?`;
    }
  }
  return `The metrics are ${names.join(', ')}; a phase may stand before one: throughput.p99.`;
}

/** "20ms" is read more easily as "20 ms"; what is no one number and unit stays as it is. */
function spaced(amount: string): string {
  return amount.trim().replace(/^([\d._]+)\s*(us|µs|μs|ms|s|m|h|B|[kKMG]i?B|%)$/, '$1 $2');
}
