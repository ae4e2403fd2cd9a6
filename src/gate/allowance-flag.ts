import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { namesMeantBy } from '../figures/also-called.js';
import type { Unit } from '../figures/figure.js';
import { unitParsers } from '../figures/unit-parsers.js';
import type { Allowances } from './allowance.js';
import { metricNames, metrics, unitOf, type Allowance, type MetricName } from './metric.js';

const percentPattern = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/;

/** Of metrics, what is allowed without `--allow`. */
export function defaultAllowances(of: readonly MetricName[]): Allowances {
  return new Map(of.map((metric) => [metric, metrics[metric].allowed]));
}

/**
 * What `--detect` was given, over twice what is allowed: the change that must not have hidden for a pass
 * without proof. ConfigError names every entry that cannot be used.
 */
export function detectableChanges(written: readonly string[], allowed: Allowances): Allowances {
  const twice = new Map(
    [...allowed].map(([metric, { share, floor }]) => [
      metric,
      { share: 2 * share, floor: 2 * floor },
    ]),
  );
  const detect = overDefaults('--detect', written, twice);
  const problems = [...allowed].flatMap(([metric, { share, floor }]) => {
    const { share: larger, floor: amount } = detect.get(metric)!;
    if (larger > share && amount >= floor) return [];
    const remedy = `Give more than ${metric}=${shown(share)}, or allow less (--allow).`;
    return { where: '--detect', message: `${metric} is not more than what is allowed`, remedy };
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return detect;
}

function shown(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/**
 * What `--allow` was given, such as `p99=15%` or `startup=5%,10ms`, over the defaults: the allowed
 * change for the worse of every metric; one without a default takes part only where it is named. Of
 * share and floor, what is not given stays. ConfigError names every entry that cannot be used.
 */
export function allowedChanges(written: readonly string[], defaults: Allowances): Allowances {
  return overDefaults('--allow', written, defaults);
}

function overDefaults(where: string, written: readonly string[], defaults: Allowances): Allowances {
  const allowed = new Map(defaults);
  const given = new Set<MetricName>();
  const problems: Problem[] = [];
  for (const entry of written.flatMap(entriesOf)) {
    const parsed = parseEntry(entry);
    if ('fault' in parsed) {
      problems.push({ where, ...parsed.fault });
    } else if (given.has(parsed.metric)) {
      problems.push({
        where,
        ...fault(`${parsed.metric} is given twice`, 'Give each metric once.'),
      });
    } else {
      const { metric, amounts } = parsed;
      given.add(metric);
      allowed.set(metric, { ...(allowed.get(metric) ?? metrics[metric].allowed), ...amounts });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return allowed;
}

/** A comma stands between entries, and between the two amounts of one: what has no name belongs to it. */
function entriesOf(written: string): string[] {
  const entries: string[] = [];
  for (const part of written.split(',').map((text) => text.trim())) {
    const last = entries.at(-1);
    if (part.includes('=') || last === undefined) entries.push(part);
    else entries[entries.length - 1] = `${last},${part}`;
  }
  return entries;
}

type Entry =
  { readonly metric: MetricName; readonly amounts: Partial<Allowance> } | { readonly fault: Fault };

function parseEntry(entry: string): Entry {
  const equals = entry.indexOf('=');
  if (equals < 1) {
    const remedy = 'Write a metric and a percentage, such as p99=15%.';
    return { fault: fault(`'${entry}' is not METRIC=PERCENT`, remedy) };
  }
  const name = entry.slice(0, equals).trim();
  const [meant = name] = metricNames.includes(name as MetricName)
    ? [name]
    : namesMeantBy(name, metricNames);
  const metric = metricNames.find((it) => it === meant);
  if (metric === undefined) {
    const near = nearestName(name, metricNames);
    const remedy = near === null ? `Known: ${metricNames.join(', ')}.` : `Did you mean '${near}'?`;
    return { fault: fault(`There is no metric '${name}'`, remedy) };
  }
  const amounts: Partial<Record<keyof Allowance, number>> = {};
  for (const text of entry.slice(equals + 1).split(',')) {
    const amount = parseAmount(text.trim(), unitOf(metric));
    if (amount === null) {
      const remedy = `Write a percentage, such as ${name}=15%${alsoAbsolute(metric)}.`;
      return { fault: fault(`'${entry}' has no percentage`, remedy) };
    }
    if (amount.kind in amounts) {
      const remedy = `Write at most one percentage and one amount.`;
      return { fault: fault(`'${entry}' says the same twice`, remedy) };
    }
    amounts[amount.kind] = amount.value;
  }
  const { share } = amounts;
  if (share === undefined || (share > 0 && share < 1)) return { metric, amounts };
  // With no change allowed, only an improvement could ever be told from one.
  const remedy = `Allow more than 0 % and less than 100 %, such as ${name}=15%.`;
  return { fault: fault(`'${entry}' is out of range`, remedy) };
}

interface Amount {
  readonly kind: keyof Allowance;
  readonly value: number;
}

function parseAmount(text: string, unit: Unit): Amount | null {
  const percent = percentPattern.exec(text)?.[1];
  if (percent !== undefined) return { kind: 'share', value: Number(percent) / 100 };
  // A bare 5 may be meant as a percentage.
  if (/^[\d.]+$/.test(text) && unit !== 'count') return null;
  const parsed = unitParsers[unit](text.replace(/\s+/, ''));
  return parsed.ok ? { kind: 'floor', value: parsed.value } : null;
}

const amountExamples: Partial<Readonly<Record<Unit, string>>> = {
  us: '10ms',
  bytes: '1MB',
  count: '500',
};

function alsoAbsolute(metric: MetricName): string {
  const example = amountExamples[unitOf(metric)];
  return example === undefined ? '' : `, or with an amount, ${metric}=15%,${example}`;
}

type Fault = Pick<Problem, 'message' | 'remedy'>;

function fault(message: string, remedy: string): Fault {
  return { message, remedy };
}
