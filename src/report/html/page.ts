import type { StoredResult } from '../../store/stored-result.js';
import { conclude } from '../conclusion/conclusion.js';
import { htmlDocument, madeBy } from './document.js';
import { jsonMarkup, markup, type Markup } from './markup.js';
import { thresholdsTitle } from '../threshold-lines.js';
import { spokenBy } from '../spoken.js';
import { reportData, type ReportData } from './report-data.js';
import { barsFigure } from './sections/bars.js';
import { memorySection } from './sections/memory.js';
import { methodSection } from './sections/method.js';
import { overTimeSection } from './sections/over-time.js';
import { percentilesFigures } from './sections/percentiles.js';
import { schedulingSection } from './sections/scheduling.js';
import { tableSection } from './sections/table.js';
import { thresholdsSection } from './sections/thresholds.js';
import { validityNotice, warningsSection } from './sections/warnings.js';

/** A whole page in one file: no part of it is fetched, and it is complete without its script. */
export function htmlPage(stored: readonly StoredResult[]): string {
  const data = reportData(stored);
  const sections = sectionsOf(data);
  const { headline, findings } = conclude(data.results, data.subjects);
  return htmlDocument({
    title: headline,
    eyebrow: eyebrow(data),
    introduction: markup`${validityNotice(data)}
<dl class="findings">${findings.map(({ topic, text }) => markup`<dt>${topic}</dt><dd>${text}</dd>`)}</dl>
${contents(sections)}`,
    main: markup`${sections.map(({ content }) => content)}
<section id="raw"><h2>Raw data</h2>
${rawData(data)}
</section>`,
    footer: madeBy(data.results),
    script,
  });
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup | null;
}

/** In the order in which a reader asks. */
function sectionsOf(data: ReportData): Section[] {
  const all: Section[] = [
    { id: 'conditions', title: thresholdsTitle, content: thresholdsSection(data) },
    { id: 'table', title: 'Figures', content: tableSection(data) },
    { id: 'latency', title: 'Latency', content: latencySection(data) },
    { id: 'time', title: 'Over time', content: overTimeSection(data) },
    { id: 'memory', title: 'Memory', content: memorySection(data) },
    { id: 'scheduling', title: 'Scheduling', content: schedulingSection(data) },
    { id: 'deployment', title: 'Start-up and size', content: deploymentSection(data) },
    { id: 'warnings', title: 'Warnings', content: warningsSection(data) },
    { id: 'method', title: 'How it was measured', content: methodSection(data) },
  ];
  return all.filter(({ content }) => content !== null);
}

function contents(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  return markup`<nav aria-label="Contents"><ul class="contents" role="list">${links}<li><a href="#raw">Raw data</a></li></ul></nav>`;
}

function latencySection(data: ReportData): Markup {
  const figures = percentilesFigures(data);
  return markup`<section id="latency"><h2>Latency</h2>${figures.length > 0 ? figures : markup`<p>No whole histograms lie beside the result; see <a href="#warnings">warnings</a>.</p>`}</section>`;
}

function deploymentSection(data: ReportData): Markup | null {
  const half = true;
  const start = barsFigure(data, {
    title: 'Start-up',
    caption: 'From the exec to the first answer; shorter is better.',
    column: 'start',
    order: 'lowest',
    half,
  });
  const size = barsFigure(data, {
    title: 'Artifact size',
    caption: 'Of what is deployed, without the runtime that it needs; smaller is better.',
    column: 'artifact',
    order: 'lowest',
    half,
  });
  if (start === null && size === null) return null;
  return markup`<section id="deployment"><h2>Start-up and size</h2><div class="pair">${start}${size}</div></section>`;
}

/** The only script: it saves the raw data, which lies in the page. */
const script = `for (const button of document.querySelectorAll('button[data-of]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const link = document.createElement('a');
    const text = document.getElementById(button.dataset.of).textContent;
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = button.dataset.name;
    link.click();
  });
}`;

function eyebrow({ results, subjects }: ReportData): string {
  const dates = results.map(({ startedAt }) =>
    new Date(startedAt).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }),
  );
  const trials = Math.max(0, ...subjects.map(({ plain }) => plain.length));
  const kinds = new Set(results.map(({ kind }) => (kind === 'run' ? 'load test' : 'comparison')));
  const spoken = spokenBy(subjects.flatMap(({ plain }) => plain.flatMap(({ phases }) => phases)));
  return [
    `c1m ${[...kinds].join(' and ')}`,
    `scenario ${[...new Set(results.map(({ scenario }) => scenario.name))].join(', ')}`,
    ...(spoken === '' ? [] : [spoken]),
    [...new Set(dates)].join(', '),
    `${subjects.length} ${subjects.length === 1 ? 'target' : 'targets'}`,
    `${trials} ${trials === 1 ? 'trial' : 'trials'} each`,
  ].join(' · ');
}

/** Of all raw data together, in bytes: the page stays one that can be sent on, within 1.5 MB. */
const mostRawBytes = 1_000_000;

function rawData({ results }: ReportData): Markup[] {
  const documents = results.map((result) => jsonMarkup(result));
  const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return results.map(({ id: name }, index) => {
    if (bytes > mostRawBytes) {
      return markup`<p>The result document is too large for a page to be sent on; it lies in <code>${name}.json</code>.</p>`;
    }
    const id = `c1m-result-${index + 1}`;
    return markup`<p>The whole result document is in this page, as JSON in its element <code>${id}</code>.</p><p><button type="button" hidden data-of="${id}" data-name="${name}.json">Save ${name}.json</button></p><script type="application/json" id="${id}">${documents[index]!}</script>`;
  });
}
