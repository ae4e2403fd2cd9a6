import type { ClaimResult, ClaimsResult } from '../../results/claims.js';
import { htmlDocument, madeBy } from '../html/document.js';
import { markup, type Markup } from '../html/markup.js';
import { dataTable } from '../html/table.js';
import { cellOf, claimColumns } from './columns.js';
import { methodOf, missingOf, notesOf, originOf, summaryOf, verdictWords } from './words.js';

/** The claims as a page in one file, without any script: a summary, then a card for each claim. */
export function claimsPage(result: ClaimsResult): string {
  const { claims, startedAt } = result;
  return htmlDocument({
    title: summaryOf(claims),
    eyebrow: [
      'c1m claims',
      startedAt.slice(0, 10),
      `${result.host.cpus} CPUs (${result.host.cpuModel})`,
    ].join(' · '),
    introduction: markup`${notice(result)}
<dl class="findings">${claims.map(({ name, title, verdict }) => markup`<dt>${verdictWords[verdict.kind]}</dt><dd><a href="#${name}">${title}</a></dd>`)}</dl>`,
    main: markup`${claims.map(card)}
<section id="method"><h2>How it was measured</h2><p>${originOf(result)}.</p><p>A verdict rests on 95 % intervals over fresh processes. A claim holds only if all that it says does; a claim whose runs failed never holds.</p></section>`,
    footer: madeBy([result]),
  });
}

function notice(result: ClaimsResult): Markup | null {
  const missing = missingOf(result);
  const notes = [
    ...(missing.length === 0 ? [] : [`Not measured yet: ${missing.join(', ')}.`]),
    ...result.warnings.map(({ message, remedy }) => `${message}. ${remedy}.`),
  ];
  if (notes.length === 0) return null;
  return markup`<section class="notice" aria-labelledby="to-know"><h2 id="to-know">To know first</h2>${notes.map((note) => markup`<p>${note}</p>`)}</section>`;
}

function card(claim: ClaimResult): Markup {
  const { name, title, sentence, source, said, verdict, open, again, arms } = claim;
  const columns = claimColumns(claim);
  const table = dataTable(
    'Measured',
    ['', ...columns.map((column) => column.title)],
    arms.map((arm) => ({
      label: arm.name,
      cells: columns.map((column) => {
        const [median = '–', range] = cellOf(column, arm);
        return markup`${median}${range === undefined ? null : markup`<small>${range}</small>`}`;
      }),
    })),
  );
  return markup`<section id="${name}"><h2>${title}</h2>
<p>“${sentence.english}” ${sentence.original === null ? null : markup`<q>${sentence.original}</q> `}(${source})</p>
<dl class="facts"><dt>said</dt><dd>${said.join('; ')}</dd><dt>verdict</dt><dd><strong>${verdictWords[verdict.kind]}</strong></dd><dt>why</dt><dd>${verdict.reason}</dd>${
    verdict.kind === 'holds' || verdict.remedy === null
      ? null
      : markup`<dt>to tell more</dt><dd>${verdict.remedy}</dd>`
  }<dt>again</dt><dd><code>${again}</code></dd></dl>
${table}
<p class="remedy">${methodOf(claim)}.</p>
${open === null ? null : markup`<p>${open}</p>`}${notesOf(claim).map((note) => markup`<p class="remedy">${note}</p>`)}
</section>`;
}
