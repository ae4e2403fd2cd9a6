import type { GateResult } from '../results/gate.js';
import { markdownText as text } from './markdown-text.js';
import {
  allowedOf,
  gateHeadline,
  gateMethod,
  isUnproven,
  metricLabel,
  percentChange,
  wordsOf,
} from './gate-words.js';

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

/** For a pull request's comment, or GitHub's step summary. */
export function gateMarkdown(result: GateResult): string {
  const { base, head, metrics, reasons, warnings, host } = result;
  const rows = metrics.map((metric) => {
    const interval =
      metric.low === null || metric.high === null
        ? '–'
        : `${percentChange(metric.low)} to ${percentChange(metric.high)}`;
    const change = metric.ratio === null ? '–' : percentChange(metric.ratio);
    const mark = isUnproven(metric) ? unprovenMark : marks[metric.verdict];
    const verdict = `${mark} ${wordsOf(metric)}`;
    return `| ${[metricLabel(metric.name), change, interval, allowedOf(metric), verdict].map(text).join(' | ')} |`;
  });
  return [
    `### ${result.verdict === 'pass' && metrics.some(isUnproven) ? unprovenMark : marks[result.verdict]} ${text(gateHeadline(result))}`,
    '',
    ...(rows.length === 0
      ? []
      : ['| | head ÷ base | interval | allowed | verdict |', '|---|--:|--:|--:|---|', ...rows, '']),
    ...reasons.map((reason) => `- ${text(reason)}`),
    ...warnings.map(({ message, remedy }) => `- ${text(message)}. ${text(remedy)}.`),
    `<sub>base ${text(base.label)}, head ${text(head.label)}; ${text(gateMethod(result))}; ${text(host.cpuModel)}, ${host.cpus} CPUs; c1m ${result.tool.version}</sub>`,
    '',
  ].join('\n');
}
