import { holdsText, measuredText, thresholdDoubt, thresholdsTitle } from '../../threshold-lines.js';
import { markup, type Markup } from '../markup.js';
import type { ReportData } from '../report-data.js';
import { dataTable } from '../table.js';

/** The conditions of --fail-if and failIf; null where there were none. */
export function thresholdsSection({ results }: ReportData): Markup | null {
  const several = results.length > 1;
  const rows = results.flatMap((result, index) =>
    result.thresholds.map((threshold) => ({
      label: several ? `${threshold.target} [${index + 1}]` : threshold.target,
      cells: [
        threshold.text,
        measuredText(threshold),
        markup`<strong class="${threshold.holds ? 'kept' : 'broken'}">${holdsText(threshold)}</strong>`,
      ],
    })),
  );
  if (rows.length === 0) return null;
  const failed = results.flatMap(({ thresholds }) => thresholds.filter(({ holds }) => !holds));
  const doubts = [...new Set(results.map(thresholdDoubt).filter((doubt) => doubt !== null))];
  return markup`<section id="conditions"><h2>${thresholdsTitle}</h2>
<p>${failed.length === 0 ? 'All of it holds.' : `${failed.length} of ${rows.length} conditions ${failed.length === 1 ? 'does' : 'do'} not hold.`} Each was stated before the measurement (--fail-if, or failIf in the scenario).</p>${doubts.map((doubt) => markup`<p class="bound">${doubt}</p>`)}
${dataTable(thresholdsTitle, ['target', 'must hold', 'measured', ''], rows)}</section>`;
}
