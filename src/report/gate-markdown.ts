import type { GateResult } from '../results/gate.js';
import { markdownText as text } from './markdown-text.js';
import { allowedOf, gateHeadline, gateMethod, isUnproven, wordsOf } from './gate-words.js';
import { intervalOf, metricLabel, percentChange } from './metric-words.js';

const marks: Record<GateResult['verdict'], string> = {
  pass: '✅',
  improvement: '🚀',
  regression: '❌',
  inconclusive: '❔',
  invalid: '⚠️',
  'no-baseline': '❔',
};

/** Of a pass that is not proven. */
const unprovenMark = '☑️';

const judgedColumns = ['| | head ÷ base | interval | allowed | verdict |', '|---|--:|--:|--:|---|'];
const comparedColumns = ['| | head ÷ base | interval | difference |', '|---|--:|--:|---|'];

function markOf({ purpose, verdict, metrics }: GateResult): string {
  if (purpose === 'diff') return '';
  return `${verdict === 'pass' && metrics.some(isUnproven) ? unprovenMark : marks[verdict]} `;
}

/** For a pull request's comment, or GitHub's step summary. */
export function gateMarkdown(result: GateResult): string {
  const { base, head, metrics, reasons, warnings, host, purpose, unit } = result;
  const judges = purpose === 'gate';
  const rows = metrics.map((metric) => {
    const interval = intervalOf(metric) ?? '–';
    const change = metric.ratio === null ? '–' : percentChange(metric.ratio);
    const mark = isUnproven(metric) ? unprovenMark : marks[metric.verdict];
    const words = wordsOf(metric, purpose);
    const last = judges ? [allowedOf(metric), `${mark} ${words}`] : [words];
    return `| ${[metricLabel(metric.name, unit), change, interval, ...last].map(text).join(' | ')} |`;
  });
  return [
    `### ${markOf(result)}${text(gateHeadline(result))}`,
    '',
    ...(rows.length === 0 ? [] : [...(judges ? judgedColumns : comparedColumns), ...rows, '']),
    ...reasons.map((reason) => `- ${text(reason)}`),
    ...warnings.map(({ message, remedy }) => `- ${text(message)}. ${text(remedy)}.`),
    `<sub>base ${text(base.label)}, head ${text(head.label)}; ${text(gateMethod(result))}; ${text(host.cpuModel)}, ${host.cpus} CPUs; c1m ${result.tool.version}</sub>`,
    '',
  ].join('\n');
}
