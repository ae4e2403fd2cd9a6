import type { GateMetric, GateResult } from '../results/gate.js';
import { gateHeadline, metricLabel, percentChange, shareOf, wordsOf } from './gate-words.js';

/** A test case for each metric, in the XML that CI systems read (junit-team's surefire schema). */
export function gateJunit(result: GateResult): string {
  const { metrics, durationSeconds, startedAt } = result;
  const count = (...of: GateMetric['verdict'][]): number =>
    metrics.filter(({ verdict }) => of.includes(verdict)).length;
  const missing = result.verdict === 'no-baseline';
  const attributes = [
    `name="c1m gate"`,
    `tests="${metrics.length + Number(missing)}"`,
    `failures="${count('regression')}"`,
    `errors="${count('invalid') + Number(missing)}"`,
    `skipped="${count('inconclusive')}"`,
    `time="${durationSeconds.toFixed(3)}"`,
    `timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`,
  ].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite ${attributes}>`,
    ...metrics.map(testCase),
    ...(missing ? [noBaseline(result)] : []),
    `  <system-out>${escaped(gateHeadline(result))}</system-out>`,
    '</testsuite>',
    '',
  ].join('\n');
}

/** A suite without a test would pass for one that found nothing. */
function noBaseline({ reasons }: GateResult): string {
  const said = escaped(`no baseline: ${reasons.join('; ')}`);
  return `  <testcase classname="c1m.gate" name="baseline"><error message="${said}"/></testcase>`;
}

function testCase(metric: GateMetric): string {
  const { name, ratio, low, high, allowed, verdict } = metric;
  const figures =
    ratio === null
      ? 'not measured'
      : `${percentChange(ratio)} (${low === null ? '?' : percentChange(low)} to ${high === null ? '?' : percentChange(high)}), allowed ${shareOf(allowed)}`;
  const open = `  <testcase classname="c1m.gate" name="${escaped(metricLabel(name))}"`;
  const said = escaped(`${wordsOf(metric)}: ${figures}`);
  switch (verdict) {
    case 'pass':
    case 'improvement':
      return `${open}><system-out>${said}</system-out></testcase>`;
    case 'regression':
      return `${open}><failure message="${said}"/></testcase>`;
    case 'invalid':
      return `${open}><error message="${said}"/></testcase>`;
    case 'inconclusive':
      return `${open}><skipped message="${said}"/></testcase>`;
  }
}

function escaped(raw: string): string {
  return raw
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '�')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
