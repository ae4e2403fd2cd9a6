import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { metricNames, metrics, type MetricName } from './metric.js';

const percentPattern = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/;

const duetAllowances: ReadonlyMap<MetricName, number> = new Map(
  metricNames.map((metric) => [metric, metrics[metric].allowed]),
);

/**
 * What `--allow` was given, such as `p99=15%` or `p99=15%,startup=10%`, over the defaults: the
 * allowed change for the worse of every metric, as a share of the base; one without a default takes
 * part only where it is named. ConfigError names every
 * entry that cannot be used.
 */
export function allowedChanges(
  written: readonly string[],
  defaults = duetAllowances,
): ReadonlyMap<MetricName, number> {
  const allowed = new Map(defaults);
  const given = new Set<MetricName>();
  const problems: Problem[] = [];
  for (const entry of written.flatMap((value) => value.split(','))) {
    const parsed = parseEntry(entry.trim());
    if ('problem' in parsed) {
      problems.push(parsed.problem);
    } else if (given.has(parsed.metric)) {
      problems.push(problem(`${parsed.metric} is given twice`, 'Give each metric once.'));
    } else {
      given.add(parsed.metric);
      allowed.set(parsed.metric, parsed.share);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return allowed;
}

type Entry =
  { readonly metric: MetricName; readonly share: number } | { readonly problem: Problem };

function parseEntry(entry: string): Entry {
  const equals = entry.indexOf('=');
  if (equals < 1) {
    const remedy = 'Write a metric and a percentage, such as p99=15%.';
    return { problem: problem(`'${entry}' is not METRIC=PERCENT`, remedy) };
  }
  const name = entry.slice(0, equals).trim();
  const metric = metricNames.find((it) => it === name);
  if (metric === undefined) {
    const near = nearestName(name, metricNames);
    const remedy = near === null ? `Known: ${metricNames.join(', ')}.` : `Did you mean '${near}'?`;
    return { problem: problem(`There is no metric '${name}'`, remedy) };
  }
  const percent = percentPattern.exec(entry.slice(equals + 1).trim())?.[1];
  if (percent === undefined) {
    const remedy = `Write a percentage, such as ${name}=15%.`;
    return { problem: problem(`'${entry}' has no percentage`, remedy) };
  }
  const share = Number(percent) / 100;
  if (share > 0 && share < 1) return { metric, share };
  // With no change allowed, only an improvement could ever be told from one.
  const remedy = `Allow more than 0 % and less than 100 %, such as ${name}=15%.`;
  return { problem: problem(`'${entry}' is out of range`, remedy) };
}

function problem(message: string, remedy: string): Problem {
  return { where: '--allow', message, remedy };
}
