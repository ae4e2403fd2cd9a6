import type { Warning } from '../../../results/figures.js';
import type { RunResult } from '../../../results/schema.js';
import { differences } from '../../differences.js';
import { markup, type Markup } from '../markup.js';
import type { ReportData } from '../report-data.js';

/** A warning, and where it was given. */
interface Group {
  readonly warning: Warning;
  /** Those of one code often differ in a number only. */
  readonly places: { readonly who: string; readonly message: string }[];
  /** Whether every phase that has it is not valid. */
  alarming: boolean;
}

/** Above everything else: what is not valid, failed, or was left out. */
export function validityNotice(data: ReportData): Markup {
  const trials = data.subjects.flatMap(({ label, target }) =>
    target.trials.map((trial) => ({ label, trial })),
  );
  const invalid = trials.filter(({ trial }) => !trial.valid);
  const unfinished = trials.filter(({ trial }) => !trial.complete);
  const failures = data.results.flatMap((result) => result.failures);
  const skipped = data.results.flatMap((result) => result.skipped);
  const differ = differences(data.results).map((note) => note.replace(/^! /, ''));
  const notes = [
    invalid.length === 0
      ? null
      : markup`<p>${invalid.length} of ${trials.length} trials ${invalid.length === 1 ? 'is' : 'are'} not valid: ${listPlaces(invalid.map(({ label, trial }) => `${label}, trial ${trial.index + 1}`))}. Why, and what to do, stands under <a href="#warnings">warnings</a>. What is not valid is not ranked.</p>`,
    unfinished.length === 0
      ? null
      : markup`<p>${unfinished.length} of ${trials.length} trials ${unfinished.length === 1 ? 'was' : 'were'} interrupted.</p>`,
    ...failures.map(
      ({ name, reason, remedy }) =>
        markup`<p><strong class="name">${name}</strong> failed: ${reason}. <span class="remedy">${remedy}</span></p>`,
    ),
    ...skipped.map(
      ({ name, reason, remedy }) =>
        markup`<p><strong class="name">${name}</strong> was left out: ${reason}. <span class="remedy">${remedy}</span></p>`,
    ),
    ...differ.map((note) => markup`<p>${note}</p>`),
    ...data.results.flatMap(({ finishedAt, id }) =>
      finishedAt === null ? [markup`<p>${id} was not finished.</p>`] : [],
    ),
  ].filter((note) => note !== null);
  if (notes.length === 0)
    return markup`<p class="valid">Every trial is valid: the load generator was not the limit, and what was asked for was sent.</p>`;
  const alarming = invalid.length > 0 || failures.length > 0 || unfinished.length > 0;
  return markup`<section class="notice${alarming ? ' alarm' : ''}" aria-labelledby="validity"><h2 id="validity">${alarming ? 'Not everything here can be trusted' : 'To know first'}</h2>${notes}</section>`;
}

function listPlaces(places: readonly string[]): string {
  const most = 6;
  if (places.length <= most) return places.join('; ');
  return `${places.slice(0, most).join('; ')} and ${places.length - most} more`;
}

/** Every warning with its remedy, those of one kind together. */
export function warningsSection(data: ReportData): Markup {
  const groups = [...groupsOf(data).values()].sort(
    (a, b) => Number(b.alarming) - Number(a.alarming),
  );
  const items = groups.map(({ warning, places, alarming }) => {
    const [first] = places;
    const rest =
      places.length < 2
        ? null
        : markup`<details><summary>All ${places.length}</summary><ul>${places.map(({ who, message }) => markup`<li><span class="name">${who}</span>: ${message}</li>`)}</ul></details>`;
    return markup`<li><p${alarming ? markup` class="alarm"` : null}><strong>${warning.message}.</strong></p><p class="who">${first!.who}${places.length > 1 ? ` and ${places.length - 1} more` : null}</p><p class="remedy">${warning.remedy}.</p>${rest}</li>`;
  });
  return markup`<section id="warnings"><h2>Warnings</h2>${groups.length === 0 ? markup`<p>None.</p>` : markup`<ul class="warnings" role="list">${items}</ul>`}${data.results.flatMap(unavailable)}${missingLogs(data)}</section>`;
}

function groupsOf({ results, subjects }: ReportData): Map<string, Group> {
  const groups = new Map<string, Group>();
  const add = (warning: Warning, who: string, valid: boolean): void => {
    const key = JSON.stringify([warning.code, warning.remedy]);
    const group = groups.get(key) ?? { warning, places: [], alarming: true };
    group.alarming &&= !valid;
    group.places.push({ who, message: warning.message });
    groups.set(key, group);
  };
  for (const result of results) {
    for (const warning of result.warnings) add(warning, `the whole measurement ${result.id}`, true);
  }
  for (const { label, target } of subjects) {
    for (const { index, phases } of target.trials) {
      for (const { name, warnings, valid } of phases) {
        for (const warning of warnings)
          add(warning, `${label}, trial ${index + 1}, ${name}`, valid);
      }
    }
  }
  return groups;
}

function unavailable({ unavailable: missing }: RunResult): Markup[] {
  return missing.map(
    ({ figure, reason }) => markup`<p class="remedy">No figures of the ${figure}: ${reason}.</p>`,
  );
}

/** A page without a chart says why. */
function missingLogs({ subjects, latencies }: ReportData): Markup | null {
  const missing = subjects.flatMap(({ label, target }) =>
    target.trials.flatMap((trial) => {
      const reading = latencies.get(trial);
      if (reading === undefined || reading.ok) return [];
      return [`${label}, trial ${trial.index + 1}: ${reading.reason}`];
    }),
  );
  if (missing.length === 0) return null;
  return markup`<p>The whole histograms of ${missing.length} trials are missing, so the charts over percentiles and over time lack them: keep the .hlog files beside the result.</p><ul class="remedy">${missing.map((line) => markup`<li>${line}</li>`)}</ul>`;
}
